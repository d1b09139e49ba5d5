import * as tf from '../tf';
import { ShapeError } from '../shape';

/**
 * Matrix products over leading axes, where the right side may be shared: a [..., rows, inner] x b [..., inner, columns], or
 * b [..., columns, inner] with `transposeB`. The leading axes of `b` are those of `a`, except that the last ones may be 1 or missing; the
 * matrices of `a` that share one of `b` become one tall matrix, so nothing is tiled and the gradient of `b` is summed by the product itself
 * (TensorFlow.js 4.22 fails in the gradient of a matMul that broadcasts). Throws ShapeError.
 */
export function batchedMatMul(a: tf.Tensor, b: tf.Tensor, transposeB = false): tf.Tensor {
  const leading = a.shape.slice(0, -2);
  const [rows, inner] = a.shape.slice(-2);
  const [second, last] = b.shape.slice(-2);
  const [columns, innerOfB] = transposeB ? [second, last] : [last, second];
  const given = b.shape.slice(0, -2);
  let own = given.length;
  while (own > 0 && given[own - 1] === 1) own--;
  if (inner !== innerOfB || given.length > leading.length || given.slice(0, own).some((size, axis) => size !== leading[axis])) {
    throw new ShapeError(
      `batchedMatMul: b has shape [${b.shape.join(', ')}]${transposeB ? ' (transposed)' : ''} beside a [${a.shape.join(', ')}], expected ` +
        `the leading axes of a, of which the last may be 1 or missing, and ${inner} on the inner axis`,
    );
  }
  const count = leading.slice(0, own).reduce((product, size) => product * size, 1);
  return tf.tidy(() => {
    const left = tf.reshape(a, [count, -1, inner]) as tf.Tensor3D;
    const right = tf.reshape(b, [count, second, last]) as tf.Tensor3D;
    return tf.reshape(tf.matMul(left, right, false, transposeB), [...leading, rows, columns]);
  });
}
