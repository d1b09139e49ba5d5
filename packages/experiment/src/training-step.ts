import { clipByGlobalNorm, type Optimizer, type UpdateNumbers } from '@tass/optimizers';
import { objective, type BuiltNetwork } from '@tass/network';
import { compile, tf, valueAndGradients, withParameters } from '@tass/tensor';
import { shapeIn, type BatchShape, type LoadedBatch } from './load-batch';
import type { Experiment } from './schema';

/** Further inputs of a step, besides the batch and the parameters. */
interface StepNumbers extends UpdateNumbers {
  readonly dropoutSeed: number;
  readonly epoch: number; // from 0
}

export interface TrainingStep {
  /**
   * One update of the parameters; the batch may be disposed at once. Returns the losses before it and `gradientNorm`. If one is not finite,
   * the parameters are spoilt.
   */
  run(batch: LoadedBatch, numbers: StepNumbers): Promise<Readonly<Record<string, number>>>;
  /** Starts to compile the step for batches of another shape with the same types. */
  prepare(like: LoadedBatch, shape: BatchShape): void;
  /** Which operations a GPU leaves to the CPU, in words; undefined where there are none. */
  placement(): Promise<string | undefined>;
  dispose(): void;
}

/** The step of an experiment: forward, losses, backward, clipping, update. */
export function createTrainingStep(
  { loss, optimizer: { clipNorm }, engine }: Pick<Experiment, 'loss' | 'optimizer' | 'engine'>,
  network: BuiltNetwork,
  optimizer: Optimizer,
): TrainingStep {
  let current: StepNumbers;
  const update = ({ inputs, labels }: LoadedBatch): Record<string, tf.Tensor> => {
    const { outputs, gradients } = valueAndGradients(optimizer.parameters(), (named) => {
      const parameters = withParameters(network.parameters, named);
      const training = { seed: () => current.dropoutSeed, epoch: () => current.epoch, labels, weights: loss };
      const answered = network.forward(parameters, inputs, { training });
      return objective(answered, labels, loss, network.losses);
    });
    const { gradients: clipped, norm } = clipByGlobalNorm(gradients, clipNorm);
    optimizer.apply(clipped, () => current);
    return { ...outputs, gradientNorm: norm };
  };
  const compiled = compile(update, engine.compile);
  return {
    async run(batch, numbers) {
      current = numbers;
      const figures = await compiled.run(batch);
      const values = Object.entries(figures).map(([name, figure]) => [name, figure.dataSync()[0]]);
      tf.dispose(figures);
      return Object.fromEntries(values);
    },
    prepare: (like, batchShape) => compiled.prepare(like, (shape, path) => shapeIn(batchShape, shape, path)),
    placement: () => compiled.placement(),
    dispose: () => compiled.dispose(),
  };
}
