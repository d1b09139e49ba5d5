// Makes the project whose files are damaged: node make.cjs FOLDER. A program of its own, so that the processes that worked there are gone.
//   a world with its features, a finished run, an unfinished run, a sweep of a cell that has succeeded and one that was stopped
const { cpSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const programs = require('./programs.cjs');

const experiment = `title: flips
defaults: [/quickstart, override model: tass-paper-small, override loss: tass-paper-small, override optimizer: adam]
epochs: 2
batch: { questions: 16 }
dataset: { videos: { train: 2, val: 1, test: 1 }, workers: 1 }
features: { clip: ${programs.root}/packages/encoders/models/tiny-clip, audio: ${programs.root}/packages/encoders/models/tiny-audio, workers: 1 }
model: { dim: 8, heads: 2 }
engine: { backend: wasm, threads: 1 }
optimizer: { learningRate: 0.01 }
`;

async function make(folder) {
  cpSync(path.join(programs.root, 'experiments'), path.join(folder, 'experiments'), { recursive: true });
  writeFileSync(path.join(folder, 'experiments/flips.yaml'), experiment);
  writeFileSync(path.join(folder, 'experiments/flips-grid.yaml'), 'title: grid of flips\nsweep: { experiments: [flips], seeds: [1, 2] }\n');
  writeFileSync(path.join(folder, '.tassrc.yaml'), 'experiments: experiments\nruns: runs\n');
  const settings = programs.projectSettings(folder, {});
  const finished = await train(settings, Infinity);
  const unfinished = await train(settings, 4);
  const sweep = await sweepWithOneStopped(settings);
  writeFileSync(path.join(folder, 'made.json'), JSON.stringify({ finished, unfinished, sweep }));
}

/** Trains until it has asked `looks` times whether to stop; gives the run's id. */
async function train(settings, looks) {
  const prepared = await programs.prepareTraining(programs.loadExperiment(settings, 'flips'), settings);
  const run = programs.beginRun(prepared, { experiment: 'flips', overrides: [] }, settings);
  let asked = 0;
  const watch = { stopRequested: () => ++asked > looks, committed: () => undefined };
  await programs.trainAndReport(programs.openTraining(prepared, run), watch);
  run.close();
  return run.manifest.id;
}

async function sweepWithOneStopped(settings) {
  process.chdir(settings.root);
  await programs.sweepCommand(['--exp=flips-grid', '--only=seed=1', '--jobs=1'], settings);
  const sweep = programs.findSweep(settings.runs, 'flips-grid');
  const { folder } = sweep.cells.map(({ address }) => ({ folder: path.join(settings.runs, '.cells', address) }))[1];
  const stop = setInterval(() => process.emit('SIGTERM', 'SIGTERM'), 20);
  await programs
    .cellCommand([folder, `--sweep=${path.relative(settings.runs, sweep.folder)}`], settings)
    .finally(() => clearInterval(stop));
  return sweep.id;
}

make(path.resolve(process.argv[2])).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
