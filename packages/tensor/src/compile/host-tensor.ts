import * as tf from '../tf';
import { recordingContext } from './recording-context';

/**
 * A float32 tensor whose values JavaScript gives, asked again at every call of a compiled step: a learning rate, a dropout mask. Any other
 * number that JavaScript puts into a compiled step is a constant of it. `make` gives one number for a shape of [].
 */
export function hostTensor<Rank extends tf.Tensor>(make: () => number | Float32Array, shape: number[]): Rank {
  const values = make();
  const tensor = (typeof values === 'number' ? tf.scalar(values) : tf.tensor(values, shape)) as Rank;
  recordingContext.current?.feed(tensor, make);
  return tensor;
}
