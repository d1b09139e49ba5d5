import { sumOfSquares, tf } from '@tass/tensor';

/**
 * Scales all gradients by one factor so that their norm, taken over all of them together, is at most `greatest` (null: any); smaller ones stay
 * as they are. Returns new tensors and the norm before, a scalar to be logged: not finite if any gradient is not. The given ones remain the caller's.
 * Source: Pascanu, Mikolov, Bengio, arXiv 1211.5063, as torch.nn.utils.clip_grad_norm_ (factor greatest / (norm + 1e-6)).
 */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<string, tf.Tensor>,
  greatest: number | null,
): { gradients: Map<string, tf.Tensor>; norm: tf.Scalar } {
  if (greatest !== null && !(greatest > 0))
    throw new RangeError(`clipByGlobalNorm: greatest norm is ${greatest}, expected a positive number`);
  const { clipped, norm } = tf.tidy(() => {
    const squares = [...gradients.values()].map(sumOfSquares);
    const norm = tf.sqrt(squares.length === 0 ? tf.scalar(0) : tf.addN(squares)) as tf.Scalar;
    if (greatest === null) return { norm, clipped: [...gradients.values()].map((gradient) => tf.clone(gradient)) };
    const factor = tf.minimum(tf.div(greatest, tf.add(norm, 1e-6)), 1);
    return { norm, clipped: [...gradients.values()].map((gradient) => tf.mul(gradient, factor)) };
  });
  return { gradients: new Map([...gradients.keys()].map((name, i) => [name, clipped[i]])), norm };
}
