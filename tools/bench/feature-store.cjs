// What reading features from the disk costs training, at the size of MUSIC-AVQA: random features of real shapes under real video ids.
//   node tools/bench/feature-store.cjs make FOLDER [videos=9288]            writes the stores (4.8 GB) and prints the command that trains on them
//   node tools/bench/feature-store.cjs steps FOLDER [rounds=6] [steps=4]    steps from the disk and from memory in turn; memory of the process
//   node tools/bench/feature-store.cjs checks FOLDER [rounds=5] [steps=8]   what checking the shards costs a start and the first steps: none checked, all
//                                                                         for the first time, all remembered; a process each, in turn
// TASS_DATA names the folder of the annotations. Programs have to be built, and the TensorFlow engine fetched.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { loadavg } = require('node:os');
const { join, resolve } = require('node:path');
const { fill, writeModels } = require('./random-features.cjs');

const root = resolve(__dirname, '../..');
const [command, given, ...words] = process.argv.slice(2);
if (!['make', 'steps', 'checks', 'start'].includes(command) || !given)
  throw new Error('feature-store.cjs: expected make FOLDER, steps FOLDER or checks FOLDER');
const folder = resolve(given);
const number = (name, otherwise) => Number(words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? otherwise);
const settings = require('@tass/config').projectSettings(root, process.env);
const dataset = join(settings.data, 'music-avqa');
const overrides = [
  ...[`dataset.root=${existsSync(dataset) ? dataset : settings.data}`, `features.store=${join(folder, 'features')}`],
  ...[`features.clip=${join(folder, 'clip-vit-b32')}`, `features.audio=${join(folder, 'vggish')}`],
];
const ours = words.filter((word) => /^(?:[a-z]+\.|engine)/i.test(word));

({ make, steps, checks, start })[command]().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function make() {
  writeModels(folder, { clip: 'clip-vit-b32', joint: 512, side: 224, patch: 32 });
  const { loadExperiment, readWanted } = require('@tass/experiment');
  const { planStores } = require('@tass/encoders');
  const wanted = readWanted(loadExperiment(settings, 'tass', overrides), settings);
  const made = Array.from({ length: Math.max(0, number('videos', 9288) - wanted.videos.length) }, (_, at) => `made${at}`);
  for (const { folder: store, expected } of planStores(wanted.plan)) {
    fill(store, expected, 'video', [...wanted.videos, ...made], 32);
    fill(store, expected, 'text', wanted.texts, 256);
  }
  console.log(`${wanted.videos.length + made.length} videos, ${wanted.texts.length} texts in ${folder}`);
  console.log(`node apps/trainer/dist/main.js train --exp=tass ${overrides.join(' ')}`);
}

async function steps() {
  const { loadExperiment, openData, openEngine, buildNetwork, trainingPlan } = require('@tass/experiment');
  const { Random } = require('@tass/tensor');
  const experiment = loadExperiment(settings, 'tass', [...overrides, 'engine.threads=2', ...ours]);
  console.log((await openEngine(experiment)).library, `load ${loadavg()[0].toFixed(1)}`);
  const data = openData(experiment, settings);
  const network = buildNetwork(experiment, data.sizes);
  const { batches } = trainingPlan(data, experiment, Random.fromSeed(1));
  const count = number('steps', 4);
  const memory = inMemory(data.features, [...new Set(batches.slice(0, count * 2).flatMap(({ videoIds }) => [...videoIds]))]);
  const step = stepper(experiment, network, data.train);
  await step(batches[0], data); // the engine makes its kernels ready
  const times = { disk: [], memory: [], read: [] };
  let peak = 0;
  for (let round = 0; round < number('rounds', 6); round++) {
    for (const kind of round % 2 === 0 ? ['disk', 'memory'] : ['memory', 'disk']) {
      for (let i = 0; i < count; i++) {
        const batch = batches[(round % 2) * count + i];
        times[kind].push(await milliseconds(() => step(batch, kind === 'disk' ? data : { ...data, features: memory })));
      }
      if (kind === 'disk') peak = Math.max(peak, ownMemory());
    }
    for (let i = 0; i < count; i++)
      times.read.push(await milliseconds(() => data.features.read('patch', batches[(round % 2) * count + i].videoIds)));
  }
  for (const [kind, all] of Object.entries(times))
    console.log(`${kind.padEnd(7)} least ${Math.min(...all).toFixed(0)} ms, median ${median(all).toFixed(0)} ms of ${all.length}`);
  console.log(
    `from disk / from memory: least ${(Math.min(...times.disk) / Math.min(...times.memory)).toFixed(3)}, median ${(median(times.disk) / median(times.memory)).toFixed(3)}`,
  );
  console.log(`RssAnon + RssShmem: ${peak} MB, of which the features held in memory for the comparison ${Math.round(memory.megabytes)} MB`);
}

async function checks() {
  const times = { none: [], first: [], remembered: [] };
  for (let round = 0; round < number('rounds', 5); round++)
    for (const kind of ['none', 'first', 'remembered']) {
      if (kind !== 'remembered') forgetDigests();
      const child = spawnSync(process.execPath, [__filename, 'start', folder, `checks=${kind}`, ...words], { encoding: 'utf8' });
      if (child.status !== 0) throw new Error(child.stderr);
      times[kind].push(JSON.parse(child.stdout));
    }
  const part = (kind, name) => times[kind].map((one) => one[name]);
  console.log(`load ${loadavg()[0].toFixed(1)}, ${number('rounds', 5)} rounds, ms: least and median`);
  for (const name of Object.keys(times.none[0]))
    for (const kind of Object.keys(times)) {
      const [own, none] = [part(kind, name), part('none', name)];
      const shares = [Math.min(...own) / Math.min(...none), median(own) / median(none)].map((share) => share.toFixed(3));
      console.log(
        `${name.padEnd(12)} ${kind.padEnd(10)} ${Math.min(...own).toFixed(0)} ${median(own).toFixed(0)}   / none: ${shares.join(' ')}`,
      );
    }
}

/** `digests.json` of each store, in which passed shards are remembered. */
function forgetDigests() {
  for (const name of readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /(^|[\\/])digests\.json$/.test(name)))
    rmSync(join(folder, name));
}

/** A start as a training makes it, and its first steps; then what a checkpoint waits for. */
async function start() {
  const began = process.hrtime.bigint();
  const since = () => Number(process.hrtime.bigint() - began) / 1e6;
  if (words.includes('checks=none')) require('@tass/files').FileDigests.prototype.of = () => new Promise(() => undefined);
  const { loadExperiment, openData, openEngine, buildNetwork, trainingPlan } = require('@tass/experiment');
  const { Random } = require('@tass/tensor');
  const experiment = loadExperiment(settings, 'tass', [...overrides, 'engine.threads=2', ...ours]);
  await openEngine(experiment);
  const data = openData(experiment, settings);
  const network = buildNetwork(experiment, data.sizes);
  const { batches } = trainingPlan(data, experiment, Random.fromSeed(1));
  const step = stepper(experiment, network, data.train);
  const opened = since();
  await step(batches[0], data);
  const first = since();
  for (const batch of batches.slice(1, number('steps', 8))) await step(batch, data);
  const steps = since();
  if (!words.includes('checks=none')) await data.features.verified();
  const { user, system } = process.cpuUsage(); // other work on the machine changes it little
  const processor = (user + system) / 1000;
  console.log(
    JSON.stringify({ start: first, 'first step': first - opened, 'all steps': steps - opened, 'and passed': since() - opened, processor }),
  );
  process.exit(0);
}

/** The records of `videos`, decoded once and copied as a store would give them. */
function inMemory(store, videos) {
  const { valuesPerRecord } = require('@tass/feature-store');
  const held = new Map();
  let bytes = 0;
  for (const field of ['frame', 'patch', 'audio']) {
    for (const video of videos) {
      const values = store.readHalves(field, [video]);
      held.set(`${field} ${video}`, values);
      bytes += values.byteLength;
    }
  }
  return {
    ...store,
    megabytes: bytes / 1e6,
    readHalves(field, keys) {
      if (!held.has(`${field} ${keys[0]}`)) return store.readHalves(field, keys);
      const length = valuesPerRecord(store.describe(field));
      const values = new Uint16Array(length * keys.length);
      keys.forEach((key, row) => values.set(held.get(`${field} ${key}`), row * length));
      return values;
    },
  };
}

/** A training step as the trainer makes it. */
function stepper(experiment, network, questions) {
  const { createTrainingStep, disposeBatch, loadBatch } = require('@tass/experiment');
  const optimizer = require('@tass/optimizers').createAdam(
    require('@tass/tensor').namedParameters(network.parameters),
    experiment.optimizer,
  );
  const trainingStep = createTrainingStep(experiment, network, optimizer);
  let step = 0;
  return async (batch, data) => {
    const loaded = loadBatch(batch, questions, data);
    step++;
    await trainingStep.run(loaded, { step, learningRate: 1e-5, epoch: 0, dropoutSeed: step });
    disposeBatch(loaded);
  };
}

async function milliseconds(work) {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Megabytes of this process that are neither files nor shared with them. */
function ownMemory() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return Math.round((kilobytes('RssAnon') + kilobytes('RssShmem')) / 1000);
}
