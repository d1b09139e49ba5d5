const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const computed = [
  'checkpoints/best.safetensors',
  'checkpoints/last.safetensors',
  'predictions-test.jsonl',
  'predictions-test.answers',
  'report.json',
];

/** What must hold after the campaign, each with what was found; `holds` is undefined where it could not be tried. */
async function check({ uninterrupted, disturbed, server, disturbances, kills }) {
  const { counts, skipped, strangers, uploads } = disturbances;
  const cells = disturbed.cells();
  const finished = new Map(cells.map(({ address, attempts }) => [address, attempts.filter(({ end }) => end?.state === 'succeeded')]));
  const runs = new Map([...finished].filter(([, ends]) => ends.length === 1).map(([address, [{ run }]]) => [address, run]));
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    { name: 'enough disturbances', holds: total >= kills, detail: `${total}` },
    {
      name: 'each cell is there, and succeeded once',
      holds: cells.length === uninterrupted.cells().length && [...finished.values()].every(({ length }) => length === 1),
      detail: `${cells.length} cells, ${cells.reduce((sum, { attempts }) => sum + attempts.length, 0)} attempts`,
    },
    compareFigures(uninterrupted, disturbed, runs),
    checkWriters(disturbed),
    checkStrangers(strangers, skipped),
    checkUploads(uploads),
    ...(await checkServer(server, disturbed, runs)),
  ];
}

function compareFigures(uninterrupted, disturbed, runs) {
  const expected = new Map(
    uninterrupted.cells().map(({ address, attempts }) => [address, attempts.find(({ end }) => end?.state === 'succeeded').run]),
  );
  const different = [...runs].filter(([address, run]) => {
    const [here, there] = [path.join(disturbed.runs, run), path.join(uninterrupted.runs, expected.get(address) ?? '-')];
    return computed.some((file) => digest(path.join(here, file)) !== digest(path.join(there, file))) || figures(here) !== figures(there);
  });
  return {
    name: 'checkpoints, predictions, reports and figures equal those of the uninterrupted sweep',
    holds: different.length === 0 && runs.size === expected.size,
    detail: `${runs.size - different.length} of ${expected.size} cells, byte for byte`,
  };
}

/** A process that writes a journal again after another one has written it works on the run at the same time. */
function checkWriters({ watch, runs }) {
  const writers = new Map(); // of each run, in order, each as often as it came after another one
  for (const line of readFileSync(watch, 'utf8').trimEnd().split('\n')) {
    const { run, writer } = JSON.parse(line);
    const before = writers.get(run) ?? [];
    if (before.at(-1) !== writer) writers.set(run, [...before, writer]);
  }
  const shared = [...writers].filter(([, names]) => new Set(names).size < names.length).map(([run]) => path.relative(runs, run));
  const all = [...writers.values()].flat().length;
  return {
    name: 'no two processes worked on one run at the same time',
    holds: shared.length === 0 && writers.size > 0,
    detail: shared.length > 0 ? shared.join(', ') : `${writers.size} runs, written by ${all} processes in turn`,
  };
}

function checkStrangers(strangers, skipped) {
  const name = 'processes of another namespace were refused, with holder and lock, and the live ones continued';
  if (skipped.includes('namespace')) return { name, holds: undefined, detail: 'needs unshare and root' };
  const [wrong] = strangers.filter(({ isRefused, wentOn }) => !isRefused || !wentOn);
  const count = (lock) => strangers.filter((one) => one.lock === lock).length;
  return {
    name,
    holds: strangers.length > 0 && !wrong,
    detail: wrong ? JSON.stringify(wrong) : `${count('sweep.lock')} sweeps, ${count('run.lock')} trainings`,
  };
}

function checkUploads(uploads) {
  const wrong = uploads.flatMap((upload) => upload.wrong);
  const sum = (key) => uploads.reduce((total, upload) => total + upload[key], 0);
  return {
    name: 'status and metrics were complete while the server refused files',
    holds: wrong.length === 0 && sum('refused') > 0,
    detail: wrong[0] ?? `${uploads.length} times, ${sum('runs')} runs looked at, ${sum('refused')} files refused`,
  };
}

async function checkServer(server, disturbed, runs) {
  const remote = await remoteRuns(server);
  const children = remote.filter(({ tags }) => tags['tass.run']);
  const parents = remote.filter(({ tags }) => tags['tass.kind'] === 'sweep');
  const all = disturbed.allRuns();
  const twins = all.filter(({ name }) => children.filter(({ tags }) => tags['tass.run'] === name).length !== 1);
  const finished = all.filter(({ isFinished }) => isFinished).map(({ folder }) => folder);
  const wrong = await figuresOnServer(server, finished, remote);
  const files = await filesOnServer(server, all, children);
  const notEnded = remote.filter(({ status }) => status === 'RUNNING' || status === 'SCHEDULED');
  const count = (status) => children.filter((run) => run.status === status).length;
  return [
    {
      name: 'MLflow has one run for each run folder',
      holds: twins.length === 0 && children.length === all.length && finished.length >= runs.size,
      detail: twins[0] ? `not of ${twins[0].name}` : `${all.length}, ${finished.length} of them finished, for ${runs.size} cells`,
    },
    {
      name: 'finished runs are FINISHED there, with each point of the journal once, at its time',
      holds: wrong.length === 0 && finished.length > 0,
      detail: wrong[0] ?? `${finished.length} runs, ${finished.reduce((sum, run) => sum + pointsOf(run), 0)} points`,
    },
    {
      name: 'all files of all runs are there, byte for byte',
      holds: files.wrong.length === 0,
      detail: files.wrong[0] ?? `${files.count} files`,
    },
    {
      name: 'no run is left RUNNING',
      holds: notEnded.length === 0,
      detail: `FINISHED ${count('FINISHED')}, KILLED ${count('KILLED')}, FAILED ${count('FAILED')}`,
    },
    {
      name: 'the sweep has one run, FINISHED, and all others are below it',
      holds:
        parents.length === 1 &&
        parents[0].status === 'FINISHED' &&
        children.every(({ tags }) => tags['mlflow.parentRunId'] === parents[0].id),
      detail: parents.map(({ status }) => status).join(', '),
    },
  ];
}

/** What of finished runs is not on the server: their end and the points of their journals. */
async function figuresOnServer(server, folders, known) {
  const remote = known ?? (await remoteRuns(server));
  const wrong = [];
  for (const folder of folders) {
    const [found] = remote.filter(({ tags }) => tags['tass.run'] === path.basename(folder));
    if (found?.status !== 'FINISHED') wrong.push(`${folder} is ${found?.status ?? 'not there'}`);
    if (!found) continue;
    for (const [key, expected] of journalPoints(folder)) {
      const history = await historyOf(server, found.id, key);
      if (JSON.stringify(history) !== JSON.stringify(expected))
        wrong.push(`${folder} ${key}: ${history.length} points, expected ${expected.length}`);
    }
  }
  return wrong;
}

/** The journal is sent as far as it is final: the whole of a finished run. */
async function filesOnServer(server, runs, remote) {
  const wrong = [];
  let count = 0;
  for (const { folder, name, isFinished } of runs) {
    const found = remote.find(({ tags }) => tags['tass.run'] === name);
    const results = isFinished ? ['metrics.jsonl', 'report.md', 'report.json', ...predictionsOf(folder)] : [];
    for (const file of found ? ['config.yaml', 'manifest.json', ...results] : []) {
      count++;
      const content = await server.file(found.artifactUri, file);
      if (!content?.equals(readFileSync(path.join(folder, file)))) wrong.push(`${name}/${file} ${content ? 'differs' : 'is missing'}`);
    }
  }
  return { wrong, count };
}

const predictionsOf = (run) => readdirSync(run).filter((name) => /^predictions-.*\.jsonl$/.test(name));

async function remoteRuns(server) {
  const { experiments } = await server.post('experiments/search', { max_results: 1000 });
  const { runs = [] } = await server.post('runs/search', {
    experiment_ids: experiments.map(({ experiment_id: id }) => id),
    max_results: 10000,
  });
  return runs.map(({ info, data }) => ({
    id: info.run_id,
    status: info.status,
    artifactUri: info.artifact_uri,
    tags: Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value])),
  }));
}

async function historyOf(server, run, key) {
  const { metrics = [] } = await server.get('metrics/get-history', { run_id: run, metric_key: key, max_results: 25000 });
  return metrics
    .map(({ value, step, timestamp }) => [Number(step ?? 0), Number(timestamp), Number(value)])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Each metric of a run's journal as [step, time, value], in order, under the name that MLflow has it by; test has step 0 there. */
function journalPoints(run) {
  const points = new Map();
  for (const line of readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')) {
    const { step, time, values } = JSON.parse(line);
    for (const [name, value] of Object.entries(values)) {
      const key = /^(test|throughput)\//.test(name) ? name.replaceAll('/', '.') : name;
      points.set(key, [...(points.get(key) ?? []), [name.startsWith('test/') ? 0 : step, time, Number(value)]]);
    }
  }
  return points;
}

const pointsOf = (run) => [...journalPoints(run).values()].flat().length;

/** The journal without times and speeds. */
function figures(run) {
  const lines = readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => {
    const { step, epoch, values } = JSON.parse(line);
    return { step, epoch, values: Object.entries(values).filter(([name]) => !/^(throughput|system)\//.test(name)) };
  });
  return JSON.stringify(records);
}

const digest = (file) => (existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : `no ${file}`);

module.exports = { check, figuresOnServer };
