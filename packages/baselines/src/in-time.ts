import { tf } from '@tass/tensor';

/** x_t - x_(t-1) along an axis, 0 at the first. */
export function change(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.tidy(() => {
    const length = x.shape[axis];
    const [begin, size] = [x.shape.map(() => 0), [...x.shape]];
    const without = (first: number): tf.Tensor => tf.slice(x, begin.with(axis, first), size.with(axis, length - 1));
    return tf.pad(tf.sub(without(1), without(0)), x.shape.map((_, i) => [i === axis ? 1 : 0, 0] as [number, number])); // prettier-ignore
  });
}

/** The mean of all up to each along an axis. */
export function runningMean(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.tidy(() => {
    const counts = tf.range(1, x.shape[axis] + 1);
    return tf.div(tf.cumsum(x, axis), tf.reshape(counts, [-1, ...x.shape.slice(axis + 1).map(() => 1)]));
  });
}
