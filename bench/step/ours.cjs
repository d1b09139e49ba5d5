// One side of the bench.
//   node ours.cjs make FOLDER CASE      parameters, inputs and configuration of a case, as none-32x49 or st-avqa-32x49: TASS's context or another network, videos, regions; or with x10x1: segments, questions a video
//   node ours.cjs run FOLDER STEPS ENGINE      prints the losses of all steps and how long each step after the first ones took, in milliseconds
const { readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const { projectSettings } = require('@tass/config');
const { buildNetwork, createTrainingStep, loadExperiment, neededFeatures, openEngine } = require('@tass/experiment');
const { createAdam } = require('@tass/optimizers');
const { Random, namedParameters, tf } = require('@tass/tensor');
const { drawNegatives } = require(join(root, 'packages/baselines/dist/negatives'));

const [command, folder, word, engine = 'onnxruntime'] = process.argv.slice(2);
const warmUp = 3;
const published = { joint: 512, audioDim: 128 }; // joint: width of regions, frames and texts, as in CLIP
const small = { joint: 64, audioDim: 128 }; // of the encoders of the embedded world
const wordsOfText = 16;
const answers = 42;
const vocabulary = 93;
const dropoutSeed = 1; // which also names the negatives: the same ones in every step

({ make, run })[command]().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/** What a case is: the experiment whose network it trains, and the sizes of its data. */
function readCase(word) {
  const [, name, ...numbers] = /^([a-z-]+)-(\d+)x(\d+)(?:x(\d+)x(\d+))?$/.exec(word) ?? [];
  if (!name) throw new Error(`bench: the case is ${word}, expected for example bilstm-64x49: context or network, videos, regions`);
  const [videos, regions, time, perVideo] = numbers.map((number, at) => Number(number ?? [0, 0, 10, 1][at]));
  const isContext = ['none', 'attention', 'bilstm'].includes(name);
  const chosen = isContext ? { experiment: 'tass-paper', overrides: [`model.jtg.context=${name}`] } : { experiment: `networks/${name}`, overrides: [] }; // prettier-ignore
  const { joint, audioDim } = name.endsWith('-small') ? small : published;
  const widths = { regionDim: joint, frameDim: joint, textDim: joint, audioDim, logitScale: 100 };
  return { ...chosen, videos, perVideo, sizes: { ...widths, time, regions, words: wordsOfText, vocabulary, answers } };
}

async function open({ experiment: name, overrides, sizes }) {
  const loaded = loadExperiment(projectSettings(root, process.env), name, [
    ...overrides,
    `engine.backend=${engine}`,
    `engine.threads=${process.env.BENCH_THREADS ?? 2}`,
  ]);
  const model = Object.fromEntries(Object.entries(loaded.model).map(([key, value]) => [key, /dropout$/i.test(key) ? 0 : value]));
  const experiment = { ...loaded, model };
  const { device } = await openEngine(experiment);
  return { experiment, device, network: buildNetwork(experiment, sizes) };
}

async function make() {
  const { videos: count, perVideo, ...chosen } = readCase(word);
  const { sizes } = chosen;
  const { time, regions: places, regionDim: joint, audioDim } = sizes;
  const { experiment, network } = await open(chosen);
  const random = Random.fromSeed(1);
  const normals = (name, ...shape) => [name, shape, random.fork(name).normals(shape.reduce((a, b) => a * b))];
  const lengths = Array.from({ length: count * perVideo }, (_, i) => 5 + (i % (wordsOfText - 4)));
  const ofWords = (value) =>
    lengths.flatMap((length, question) => Array.from({ length: wordsOfText }, (_, i) => (i < length ? value(question, i) : 0)));
  const tensors = [
    ...[...namedParameters(network.parameters)].map(([name, tensor]) => [`parameters/${name}`, tensor.shape, tensor.dataSync()]),
    normals('inputs/regions', count, time, places, joint),
    normals('inputs/frames', count, time, joint),
    normals('inputs/audio', count, time, audioDim),
    normals('inputs/sentence', count, perVideo, joint),
    normals('inputs/prompt', count, perVideo, joint),
    normals('inputs/words', count, perVideo, wordsOfText, joint),
    ['inputs/wordMask', [count, perVideo, wordsOfText], ofWords(() => 1)],
    ['inputs/wordIds', [count, perVideo, wordsOfText], ofWords((question, i) => 1 + ((7 * question + i) % (vocabulary - 1)))],
    ...(count > 1 && network.losses.includes('match') ? [['negatives/rows', [count * time], drawNegatives(count, time, Random.fromSeed(dropoutSeed).fork('negatives'))]] : []), // prettier-ignore
    ['labels/answers', [count, perVideo], lengths.map((_, i) => (7 * i) % answers)],
  ];
  let offset = 0;
  const index = tensors.map(([name, shape, values]) => {
    const entry = { name, shape, offset };
    offset += 4 * values.length;
    return entry;
  });
  writeFileSync(join(folder, 'tensors.f32'), Buffer.concat(tensors.map(([, , values]) => Buffer.from(Float32Array.from(values).buffer))));
  const { model, loss, optimizer } = experiment;
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ ...chosen, model, loss, optimizer, index }));
  console.log(JSON.stringify({ case: word }));
}

async function run() {
  const { index, ...chosen } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  const { experiment, device, network } = await open(chosen);
  const bytes = readFileSync(join(folder, 'tensors.f32'));
  const named = (kind) =>
    new Map(
      index
        .filter(({ name }) => name.startsWith(`${kind}/`))
        .map(({ name, shape, offset }) => {
          const length = shape.reduce((a, b) => a * b, 1);
          return [name.slice(kind.length + 1), tf.tensor(new Float32Array(bytes.buffer, bytes.byteOffset + offset, length), shape)];
        }),
    );
  const answersOfBatch = tf.cast(named('labels').get('answers'), 'int32');
  const labels = { answers: answersOfBatch, mask: tf.ones(answersOfBatch.shape) };
  const batch = { inputs: inputsOf(experiment, Object.fromEntries(named('inputs'))), labels };
  const optimizer = createAdam(named('parameters'), experiment.optimizer);
  const trainingStep = createTrainingStep(experiment, network, optimizer);
  const { learningRate } = experiment.optimizer;
  const losses = [];
  const milliseconds = [];
  for (let step = 1; step <= warmUp + Number(word); step++) {
    const start = process.hrtime.bigint();
    const { total } = await trainingStep.run(batch, { step, learningRate, epoch: 0, dropoutSeed });
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    losses.push(total);
    if (step > warmUp) milliseconds.push(took);
  }
  console.log(JSON.stringify({ losses, milliseconds, device }));
}

/** What the network of the experiment reads. */
function inputsOf(experiment, { regions, frames, audio, sentence, prompt, words, wordIds, wordMask }) {
  const needed = neededFeatures(experiment);
  return {
    ...(needed.video ? { regions, frames } : {}),
    ...(needed.audio ? { audio } : {}),
    ...(needed.prompt ? { prompt } : {}),
    ...(needed.text ? { sentence, words } : { wordIds: tf.cast(wordIds, 'int32') }),
    wordMask,
  };
}
