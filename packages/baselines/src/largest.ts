import { batchedMatMul, tf } from '@tass/tensor';

/**
 * The `count` largest of each row, in the order of their places, each as a row of zeros with a one: [..., places] -> [..., count, places]. Of equal ones the
 * first. A constant in the gradient: which ones are largest has none.
 */
export function largest(scores: tf.Tensor, count: number): tf.Tensor {
  const { shape } = scores;
  const places = shape[shape.length - 1];
  if (count > places) throw new RangeError(`largest: count is ${count}, expected at most the number of places, ${places}`);
  return tf.customGrad((given) => ({
    value: tf.tidy(() => picksOf(given as tf.Tensor, count)),
    gradFunc: (() => tf.zeros(shape)) as never,
  }))(scores);
}

function picksOf(scores: tf.Tensor, count: number): tf.Tensor {
  const places = scores.shape[scores.shape.length - 1];
  const earlier = tf.tensor2d(Array.from({ length: places }, (_, i) => Array.from({ length: places }, (__, j) => (j < i ? 1 : 0)))); // [place, place before it]
  const rows = tf.reshape(scores, [-1, places]);
  const [each, other] = [tf.expandDims(rows, 2), tf.expandDims(rows, 1)];
  const larger = tf.step(tf.sub(other, each));
  const equal = tf.sub(1, tf.add(larger, tf.step(tf.sub(each, other))));
  const rank = tf.sum(tf.add(larger, tf.mul(equal, earlier)), -1); // how many come before it, from the largest
  const isPicked = tf.step(tf.sub(count, rank)) as tf.Tensor2D; // [rows, places]
  const order = tf.expandDims(tf.matMul(isPicked, earlier, false, true), 1); // of the picked ones: how many lie to the left
  const isAt = tf.relu(tf.sub(1, tf.abs(tf.sub(order, tf.reshape(tf.range(0, count), [count, 1])))));
  return tf.reshape(tf.mul(isAt, tf.expandDims(isPicked, 1)), [...scores.shape.slice(0, -1), count, places]);
}

/**
 * What is picked of a sequence: picks [videos, questions, count, places] of x [videos, questions or 1, places, ...] -> [videos, questions, count, ...].
 * A product with zeros and ones: exact, and its gradient goes to the picked ones. Throws ShapeError.
 */
export function picked(picks: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [videos, questions, places, ...rest] = x.shape;
    const taken = batchedMatMul(picks, tf.reshape(x, [videos, questions, places, -1]));
    return tf.reshape(taken, [...taken.shape.slice(0, 3), ...rest]);
  });
}
