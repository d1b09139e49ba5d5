import { batchedMatMul, tf } from '@tass/tensor';

/**
 * The `count` largest of each row, in the order of their places, each as a row of zeros with a one: [..., places] -> [..., count, places]. Of equal ones the
 * first. A constant in the gradient: which ones are largest has none.
 */
export const largest = (scores: tf.Tensor, count: number): tf.Tensor => rowsOf(scores, count, inPlace);

/** The `count` largest of each row, from the largest, otherwise as `largest`. */
export const ranked = (scores: tf.Tensor, count: number): tf.Tensor => rowsOf(scores, count, (rank) => rank);

/** At which row of the result a place comes, a number below `count`; any other number: at none. */
type RowOf = (rank: tf.Tensor2D, count: number, before: tf.Tensor2D) => tf.Tensor;

function rowsOf(scores: tf.Tensor, count: number, rowOf: RowOf): tf.Tensor {
  const { shape } = scores;
  const places = shape[shape.length - 1];
  if (count > places) throw new RangeError(`largest: count is ${count}, expected at most the number of places, ${places}`);
  const value = (given: tf.Tensor): tf.Tensor => {
    const before = tf.tensor2d(Array.from({ length: places }, (_, i) => Array.from({ length: places }, (__, j) => (j < i ? 1 : 0)))); // [place, place before it]
    const row = rowOf(ranks(tf.reshape(given, [-1, places]), before), count, before); // [rows, places]
    const isAt = tf.relu(tf.sub(1, tf.abs(tf.sub(tf.expandDims(row, 1), tf.reshape(tf.range(0, count), [count, 1])))));
    return tf.reshape(isAt, [...shape.slice(0, -1), count, places]);
  };
  return tf.customGrad((given) => ({ value: tf.tidy(() => value(given as tf.Tensor)), gradFunc: (() => tf.zeros(shape)) as never }))(
    scores,
  );
}

/** How many of a row come before each place, from the largest: [rows, places]. */
function ranks(rows: tf.Tensor2D, before: tf.Tensor2D): tf.Tensor2D {
  const [each, other] = [tf.expandDims(rows, 2), tf.expandDims(rows, 1)];
  const larger = tf.step(tf.sub(other, each));
  const equal = tf.sub(1, tf.add(larger, tf.step(tf.sub(each, other))));
  return tf.sum(tf.add(larger, tf.mul(equal, before)), -1);
}

function inPlace(rank: tf.Tensor2D, count: number, before: tf.Tensor2D): tf.Tensor {
  const isPicked = tf.step(tf.sub(count, rank)) as tf.Tensor2D;
  const order = tf.matMul(isPicked, before, false, true); // of the picked ones: how many lie to the left
  return tf.add(order, tf.mul(tf.sub(1, isPicked), count)); // the others: at no row
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
