import * as tf from '../tf';
import { Random } from '../random';

/**
 * Sets a share `rate` of the entries to 0 and scales the rest by 1 / (1 - rate). Stateless: the same seed and place give the same mask, so
 * that a resumed run drops what the undisturbed one did. Drawn in JavaScript, one number an entry: for small tensors.
 */
export function dropout<Rank extends tf.Tensor>(x: Rank, rate: number, random: Random): Rank {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: rate is ${rate}, expected a number in [0, 1)`);
  if (rate === 0) return tf.clone(x);
  return tf.tidy(() => {
    const kept = Float32Array.from({ length: x.size }, () => (random.next() < rate ? 0 : 1 / (1 - rate)));
    return tf.mul(x, tf.tensor(kept, x.shape)) as Rank;
  });
}
