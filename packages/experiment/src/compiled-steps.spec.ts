import { resolve } from 'node:path';
import { isGrid, listExperiments, projectSettings } from '@tass/config';
import { createAdam } from '@tass/optimizers';
import type { TassBatch } from '@tass/tass';
import { Random, availableEngines, namedParameters, tf, useEngine, type CompileMode } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import type { LoadedBatch } from './load-batch';
import { loadExperiment } from './load-experiment';
import { buildNetwork } from './network';
import { createAnsweringStep } from './predict';
import { createTrainingStep } from './training-step';

/** Every network of the project's experiments, narrow: steps of training and of scoring give the same, compiled or not. */
const settings = projectSettings(resolve(__dirname, '../../..'), {});
const names = listExperiments(settings.experiments).filter((name) => !isGrid(settings.experiments, name));
const few = ['tass', 'ablations/dual-stream', 'question-only']; // of the engine that is taken by name only
const [videos, questions, time, regions, words] = [3, 2, 4, 9, 5];
const sizes = { time, joint: 12, audioDim: 10, logitScale: 8 };
const vocabulary = 11;

const random = Random.fromSeed(3);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const batchOf = (step: number): LoadedBatch => {
  const inputs = {
    regions: normal(`regions ${step}`, [videos, time, regions, sizes.joint]),
    frames: normal(`frames ${step}`, [videos, time, sizes.joint]),
    audio: normal(`audio ${step}`, [videos, time, sizes.audioDim]),
    sentence: normal(`sentence ${step}`, [videos, questions, sizes.joint]),
    words: normal(`words ${step}`, [videos, questions, words, sizes.joint]),
    wordIds: tf.tensor3d(Array.from({ length: videos * questions * words }, (_, i) => (i * (step + 2)) % vocabulary), [videos, questions, words], 'int32'), // prettier-ignore
    wordMask: tf.ones([videos, questions, words]),
  } as unknown as TassBatch;
  const answers = tf.tensor2d(Array.from({ length: videos * questions }, (_, i) => (5 * i + step) % 42), [videos, questions], 'int32'); // prettier-ignore
  return { inputs, labels: { answers, mask: tf.tensor2d([1, 1, 1, 0, 1, 1], [videos, questions]) } };
};

/** Three updates, then the answers to a batch. */
async function trained(name: string, compile: CompileMode): Promise<{ losses: number[]; answers: Float32Array }> {
  const experiment = loadExperiment(settings, name, ['model.dim=16', 'model.heads=2', 'model.dropout=0.2', `engine.compile=${compile}`]);
  const network = buildNetwork(experiment, sizes, vocabulary);
  const optimizer = createAdam(namedParameters(network.parameters), experiment.optimizer);
  const training = createTrainingStep(experiment, network, optimizer);
  const losses: number[] = [];
  for (let step = 1; step <= 3; step++) {
    const figures = await training.run(batchOf(step), { step, learningRate: 0.01 / step, dropoutSeed: step });
    losses.push(...Object.values(figures));
  }
  const answering = createAnsweringStep(experiment, network);
  const { probabilities } = await answering.run({ parameters: network.parameters, inputs: batchOf(4).inputs });
  const answers = probabilities.dataSync() as Float32Array;
  training.dispose();
  answering.dispose();
  optimizer.dispose();
  return { losses, answers };
}

for (const backend of ['onnxruntime', 'tensorflow'] as const) {
  const isPresent = availableEngines().includes(backend);
  (isPresent ? describe : describe.skip)(
    `compiled on ${backend}${isPresent ? '' : ': not on this machine, run npm run engine:tensorflow'}`,
    () => {
      beforeAll(() => useEngine({ backend, threads: 2 }));
      beforeEach(() => tf.engine().startScope());
      afterEach(() => tf.engine().endScope());

      it.each(backend === 'onnxruntime' ? names : few)('%s', async (name) => {
        const [eager, graph] = [await trained(name, 'off'), await trained(name, 'graph')];
        const figures = graph.losses.length / 3;
        expect(greatestDifference(graph.losses.slice(0, figures), eager.losses.slice(0, figures))).toBeLessThan(1e-5); // up to 4, other orders of sums
        expect(greatestDifference(graph.losses, eager.losses)).toBeLessThan(1e-3); // Adam makes steps of one size out of gradients that are rounding
        expect(greatestDifference(graph.answers, eager.answers)).toBeLessThan(1e-6);
        expect(await trained(name, 'graph')).toEqual(graph); // to the bit
      });
    },
  );
}
