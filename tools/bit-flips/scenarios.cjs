// What is done with a project one of whose files is damaged. Each scenario gives parts, by name: the text of a result, or the error that kept it
// from being made. Results are made comparable: without the ids, times and speeds of runs that were made anew.
const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const programs = require('./programs.cjs');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function part(work) {
  try {
    return { result: JSON.stringify(await work(), withoutNotNumbers) };
  } catch (error) {
    return { error: error.message };
  }
}
const withoutNotNumbers = (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);

const isMeasured = (name) => /^(throughput|system)\//.test(name);

/** Weights, predictions, report and the values of the journal of a run. */
function computed(folder) {
  const weights = ['last', 'best'].map((name) => {
    const { arrays } = programs.readCheckpoint(programs.runFiles[name](folder));
    return Object.entries(arrays).map(([key, { data }]) => [key, sha256(Buffer.from(data.buffer))]);
  });
  const values = programs
    .readFinalMetrics(folder)
    .map(({ step, epoch, values }) => [step, epoch, Object.entries(values).filter(([name]) => !isMeasured(name))]);
  const files = readdirSync(folder).filter((name) => /^(predictions|grounding|use|report)[\w.-]*\.(jsonl|json|md)$/.test(name));
  return { weights, values, files: files.map((name) => [name, sha256(readFileSync(path.join(folder, name)))]) };
}

/** The figures of a leaderboard. `isAnew`: of runs that were made anew, whose ids and costs are others. */
function figures(settings, words, isAnew) {
  const { leaderboard: board } = programs.leaderboardOf(
    settings.runs,
    programs.parseLeaderboard([...words, '--resamples=100']),
    settings,
    () => undefined,
  );
  const drop = new Set(['created', 'leftOut', ...(isAnew ? ['id', 'cost', 'folder', 'code'] : [])]);
  return JSON.parse(JSON.stringify(board, (key, value) => (drop.has(key) ? undefined : value)));
}

/** All that MLflow is sent of a run. */
function sent(folder, isAnew) {
  const { manifest } = programs.readRun(folder);
  const description = programs.describeRun(folder, manifest, programs.runState(folder));
  const { records, text } = programs.readFinalJournal(folder);
  const artifacts = programs.artifactsOf(folder, text, true).map(({ path: name, read }) => [name, sha256(read())]);
  const points = records.map(({ step, epoch, time, values }) => ({
    ...{ step, epoch, ...(isAnew ? {} : { time }) },
    values: Object.entries(values).filter(([name]) => !isAnew || !isMeasured(name)),
  }));
  const isStable = ([name]) => !isAnew || !/^(manifest|metrics)\./.test(name);
  const { title, params, datasets } = description;
  return { title, params, datasets, tags: isAnew ? [] : description.tags, points, artifacts: artifacts.filter(isStable) };
}

const newest = (settings) =>
  readdirSync(path.join(settings.runs, 'flips'))
    .sort()
    .map((id) => path.join(settings.runs, 'flips', id))
    .at(-1);

/** Trains a new run. What a refused one leaves behind must hold nothing that came of damage. */
async function train(settings) {
  rmSync(path.join(settings.runs, 'flips'), { recursive: true });
  const made = await part(async () => {
    await programs.startTraining({ experiment: 'flips', overrides: ['epochs=1'] }, settings);
    return computed(newest(settings));
  });
  if (made.error === undefined) return { made };
  return { made, kept: await part(() => keptBy(settings)) };
}

function keptBy(settings) {
  const parent = path.join(settings.runs, 'flips');
  const files = existsSync(parent) ? readdirSync(parent, { recursive: true }).map(String) : [];
  const kept = files.filter((name) => /safetensors$|report\.|predictions/.test(name));
  const journals = files.filter((name) => name.endsWith('metrics.jsonl') && readFileSync(path.join(parent, name)).length > 0);
  return [...kept, ...journals];
}

/** Resumes the unfinished run, then compares it and sends it. */
async function resume(settings, { unfinished }) {
  const folder = path.join(settings.runs, 'flips', unfinished);
  const made = await part(async () => {
    await programs.startTraining({ resume: unfinished, overrides: [] }, settings);
    return computed(folder);
  });
  if (made.error !== undefined) return { made, sent: await part(() => sent(folder, true)) };
  return { made, board: await part(() => figures(settings, [`--runs=${folder}`], true)), sent: await part(() => sent(folder, true)) };
}

/** Compares the finished run and sends it. */
async function compare(settings, { finished }) {
  const folder = path.join(settings.runs, 'flips', finished);
  return { board: await part(() => figures(settings, [`--runs=${folder}`], false)), sent: await part(() => sent(folder, false)) };
}

/** Makes the world again where it is not whole, as training does before it encodes. The same bytes give the same features. */
async function encode(settings) {
  const { dataset } = programs.loadExperiment(settings, 'flips');
  const [world] = readdirSync(path.join(settings.root, '.cache/mini-avqa')).map((name) =>
    path.join(settings.root, '.cache/mini-avqa', name),
  );
  return {
    made: await part(async () => {
      await programs.makeWorld({ root: world, seed: dataset.seed, videos: dataset.videos, workers: 1 });
      const media = readdirSync(world, { recursive: true })
        .map(String)
        .filter((name) => /\.(jpg|wav)$/.test(name));
      return media.sort().map((name) => [name, sha256(readFileSync(path.join(world, name)))]);
    }),
  };
}

/** Resumes the sweep, cell by cell in this process, and compares its runs. */
async function sweep(settings, { sweep: id }) {
  const made = await part(async () => {
    const sweep = programs.findSweep(settings.runs, id);
    const plan = programs.planSweep(programs.requestOf(sweep, programs.parseSweep([`--resume=${id}`]), settings), settings);
    const data = new programs.SharedData(
      plan.cells.map(({ experiment }) => experiment),
      settings,
    );
    const cells = plan.cells.map(({ request, name, overrides, experiment }) => {
      const named = { name: request.name, experiment: name, overrides };
      return programs.defineCell(settings.runs, programs.cellDefinition(named, experiment, data.digestsOf(experiment)));
    });
    programs.refuseChangedCells(settings.runs, sweep, cells);
    for (const { folder } of cells) await programs.cellCommand([folder, `--sweep=${path.relative(settings.runs, sweep.folder)}`], settings);
    return [sweep.title, sweep.cells, cells.map(({ address }) => address)];
  });
  if (made.error !== undefined) return { made };
  return { made, board: await part(() => figures(settings, [`--sweep=${id}`], true)) };
}

module.exports = { train, resume, compare, encode, sweep };
