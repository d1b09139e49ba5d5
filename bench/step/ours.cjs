// One side of the bench.
//   node ours.cjs make FOLDER CASE      parameters, inputs and configuration of a case, as none-32x49: context, videos, regions; or with x10x1: segments, questions a video
//   node ours.cjs run FOLDER STEPS ENGINE      prints the losses of the first steps and how long each step took, in milliseconds
const { readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const { projectSettings } = require('@tass/config');
const { buildNetwork, createTrainingStep, loadExperiment, openEngine } = require('@tass/experiment');
const { createAdam } = require('@tass/optimizers');
const { Random, namedParameters, tf } = require('@tass/tensor');

const [command, folder, word, engine = 'onnxruntime'] = process.argv.slice(2);
const warmUp = 3;
const sizes = { joint: 512, audioDim: 128, logitScale: 100 };
const wordsOfText = 16;
const answers = 42;

({ make, run })[command]().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function open({ context, time }) {
  const overrides = [`model.jtg.context=${context}`, `engine.backend=${engine}`, 'engine.threads=2'];
  const experiment = loadExperiment(projectSettings(root, process.env), 'tass', overrides);
  await openEngine(experiment);
  return { experiment, network: buildNetwork(experiment, { ...sizes, time }, 1) };
}

async function make() {
  const [, context, ...numbers] = /^(none|attention|bilstm)-(\d+)x(\d+)(?:x(\d+)x(\d+))?$/.exec(word) ?? [];
  if (!context) throw new Error(`bench: the case is ${word}, expected for example bilstm-64x49: context, videos, regions`);
  const [count, places, time, perVideo] = numbers.map((number, at) => Number(number ?? [0, 0, 10, 1][at]));
  const { experiment, network } = await open({ context, time });
  const { joint, audioDim } = sizes;
  const random = Random.fromSeed(1);
  const normals = (name, ...shape) => [name, shape, random.fork(name).normals(shape.reduce((a, b) => a * b))];
  const lengths = Array.from({ length: count * perVideo }, (_, i) => 5 + (i % (wordsOfText - 4)));
  const tensors = [
    ...[...namedParameters(network.parameters)].map(([name, tensor]) => [`parameters/${name}`, tensor.shape, tensor.dataSync()]),
    normals('inputs/regions', count, time, places, joint),
    normals('inputs/frames', count, time, joint),
    normals('inputs/audio', count, time, audioDim),
    normals('inputs/sentence', count, perVideo, joint),
    normals('inputs/words', count, perVideo, wordsOfText, joint),
    [
      'inputs/wordMask',
      [count, perVideo, wordsOfText],
      lengths.flatMap((length) => Array.from({ length: wordsOfText }, (_, i) => Number(i < length))),
    ],
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
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ context, time, model, loss, optimizer, index }));
  console.log(JSON.stringify({ case: word }));
}

async function run() {
  const { context, time, index } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  const { experiment, network } = await open({ context, time });
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
  const batch = { inputs: Object.fromEntries(named('inputs')), labels };
  const optimizer = createAdam(named('parameters'), experiment.optimizer);
  const trainingStep = createTrainingStep(experiment, network, optimizer);
  const { learningRate } = experiment.optimizer;
  const losses = [];
  const milliseconds = [];
  for (let step = 1; step <= warmUp + Number(word); step++) {
    const start = process.hrtime.bigint();
    const { total } = await trainingStep.run(batch, { step, learningRate, dropoutSeed: step });
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    if (step <= warmUp) losses.push(total);
    else milliseconds.push(took);
  }
  console.log(JSON.stringify({ losses, milliseconds }));
}
