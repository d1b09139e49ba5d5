import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { baselines } from '@tass/baselines';
import { isGrid, listExperiments, projectSettings } from '@tass/config';
import { createAdam } from '@tass/optimizers';
import type { NetworkBatch } from '@tass/network';
import { Random, availableEngines, namedParameters, tf, useEngine, type CompileMode } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import type { LoadedBatch } from './load-batch';
import { loadExperiment } from './load-experiment';
import { buildNetwork } from './networks';
import { createAnsweringStep } from './predict';
import type { Experiment } from './schema';
import { createTrainingStep } from './training-step';

/** Every network of the project's experiments, narrow: steps of training and of scoring give the same, compiled or not. */
const settings = projectSettings(resolve(__dirname, '../../..'), {});

/** An experiment with its network narrow. */
function narrow(name: string, overrides: readonly string[] = []): Experiment {
  const { model } = loadExperiment(settings, name);
  const narrower = ['dim=16', 'heads=2', 'dropout=0.2', 'segments=2', 'chosen=1', 'patches=3', 'experts=3', 'kept=2', 'readers=3'].filter(
    (setting) => setting.split('=')[0] in model,
  );
  return loadExperiment(settings, name, [...narrower.map((setting) => `model.${setting}`), ...overrides]);
}

const stepOf = ({ model, loss }: Experiment) => ({ model, loss });

/** Forms that no experiment has. */
const further = [
  ['model.tsgPlus.maps=product', 'loss.textTeacher=0.1', 'loss.flatAttention=0.1'],
  ['loss.audioMap=0.5', 'model.tsgPlus.places=true', 'model.tsgPlus.presence=true'],
  ['model.tsgPlus.maps=separate', 'model.tsgPlus.places=true', 'model.tsgPlus.presence=true'],
].map((overrides) => ({ name: overrides.join(' '), experiment: narrow('tass-paper', overrides) }));

/** Of experiments whose step is the same when they are narrow, the first. */
const experiments = listExperiments(settings.experiments)
  .filter((name) => !isGrid(settings.experiments, name))
  .map((name) => ({ name, experiment: narrow(name) }))
  .concat(further)
  .filter(({ experiment }, i, all) => i === all.findIndex((other) => isDeepStrictEqual(stepOf(other.experiment), stepOf(experiment))));

const [videos, questions, time, regions, words] = [3, 2, 4, 9, 5];
const sizes = {
  time,
  regions,
  regionDim: 12,
  frameDim: 12,
  textDim: 12,
  audioDim: 10,
  audioPatches: 3,
  audioPatchDim: 5,
  logitScale: 8,
  words,
  vocabulary: 11,
  answers: 42,
};

const random = Random.fromSeed(3);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const batchOf = (step: number): LoadedBatch => {
  const inputs = {
    regions: normal(`regions ${step}`, [videos, time, regions, sizes.textDim]),
    frames: normal(`frames ${step}`, [videos, time, sizes.textDim]),
    audio: normal(`audio ${step}`, [videos, time, sizes.audioDim]),
    audioPatches: normal(`audioPatches ${step}`, [videos, time, sizes.audioPatches, sizes.audioPatchDim]),
    sentence: normal(`sentence ${step}`, [videos, questions, sizes.textDim]),
    prompt: normal(`prompt ${step}`, [videos, questions, sizes.textDim]),
    words: normal(`words ${step}`, [videos, questions, words, sizes.textDim]),
    wordIds: tf.tensor3d(Array.from({ length: videos * questions * words }, (_, i) => (i * (step + 2)) % sizes.vocabulary), [videos, questions, words], 'int32'), // prettier-ignore
    wordMask: tf.ones([videos, questions, words]),
  } as unknown as NetworkBatch;
  const answers = tf.tensor2d(Array.from({ length: videos * questions }, (_, i) => (5 * i + step) % 42), [videos, questions], 'int32'); // prettier-ignore
  return { inputs, labels: { answers, mask: tf.tensor2d([1, 1, 1, 0, 1, 1], [videos, questions]) } };
};

/** Three updates, then the answers to a batch, as the network is and under each intervention. */
async function trained(narrowed: Experiment, compile: CompileMode): Promise<{ losses: number[]; answers: number[] }> {
  const experiment = { ...narrowed, engine: { ...narrowed.engine, compile } };
  const network = buildNetwork(experiment, sizes);
  const optimizer = createAdam(namedParameters(network.parameters), experiment.optimizer);
  const training = createTrainingStep(experiment, network, optimizer);
  const losses: number[] = [];
  for (let step = 1; step <= 3; step++) {
    const figures = await training.run(batchOf(step), { step, learningRate: 0.01 / step, epoch: step, dropoutSeed: step });
    losses.push(...Object.values(figures));
  }
  const answers: number[] = [];
  for (const intervention of [undefined, ...network.interventions]) {
    const answering = createAnsweringStep(experiment, network, intervention);
    const { probabilities } = await answering.run({ parameters: network.parameters, inputs: batchOf(4).inputs });
    answers.push(...probabilities.dataSync());
    answering.dispose();
  }
  training.dispose();
  optimizer.dispose();
  return { losses, answers };
}

it('every network has an experiment here', () => {
  const tried = new Set(experiments.map(({ experiment }) => experiment.model.network));
  expect([...tried].sort()).toEqual([...baselines.map(({ name }) => name), 'tass'].sort());
});

for (const backend of ['onnxruntime', 'tensorflow'] as const) {
  const isPresent = availableEngines().includes(backend);
  (isPresent ? describe : describe.skip)(
    `compiled on ${backend}${isPresent ? '' : ': not on this machine, run npm run engine:tensorflow'}`,
    () => {
      beforeAll(() => useEngine({ backend, threads: 2 }));
      beforeEach(() => tf.engine().startScope());
      afterEach(() => tf.engine().endScope());

      it.each(experiments)('$name', async ({ experiment }) => {
        const [eager, graph] = [await trained(experiment, 'off'), await trained(experiment, 'graph')];
        const figures = graph.losses.length / 3;
        const size = Math.max(4, ...eager.losses); // of answer losses; QA-TIGER's first gradients are longer than 100
        expect(greatestDifference(graph.losses.slice(0, figures), eager.losses.slice(0, figures))).toBeLessThan(2.5e-6 * size); // other orders of sums
        expect(greatestDifference(graph.losses, eager.losses)).toBeLessThan(2.5e-4 * size); // Adam makes steps of one size out of gradients that are rounding
        expect(greatestDifference(graph.answers, eager.answers)).toBeLessThan(1e-6);
        expect(await trained(experiment, 'graph')).toEqual(graph); // to the bit
      });
    },
  );
}
