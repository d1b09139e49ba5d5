import { hostTensor } from '../compile/host-tensor';
import { Random } from '../random';
import * as tf from '../tf';

/** Names the places of dropout. The seed is asked at every call of a step, so that a compiled one drops other entries each time. */
export class DropoutSource {
  private constructor(private readonly random: () => Random) {}

  static fromSeed(seed: () => number): DropoutSource {
    return new DropoutSource(() => Random.fromSeed(seed()).fork('dropout'));
  }

  /** The source of one place in the network. */
  fork(label: string): DropoutSource {
    return new DropoutSource(() => this.random().fork(label));
  }

  /** `size` factors: 0 for a share `rate` of them, 1 / (1 - rate) for the rest. */
  factors(size: number, rate: number): Float32Array {
    const random = this.random();
    return Float32Array.from({ length: size }, () => (random.next() < rate ? 0 : 1 / (1 - rate)));
  }
}

/**
 * Sets a share `rate` of the entries to 0 and scales the rest by 1 / (1 - rate). Stateless: the same seed and place give the same mask, so
 * that a resumed run drops what an uninterrupted one does. Drawn in JavaScript, one number an entry: for small tensors.
 */
export function dropout<Rank extends tf.Tensor>(x: Rank, rate: number, source: DropoutSource): Rank {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: rate is ${rate}, expected a number in [0, 1)`);
  if (rate === 0) return tf.clone(x);
  return tf.tidy(() => {
    const factors = hostTensor(() => source.factors(x.size, rate), x.shape);
    return tf.mul(x, factors) as Rank;
  });
}
