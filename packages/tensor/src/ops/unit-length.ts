import { constants } from '../backends/tensorflow/constants';
import { tensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import * as tf from '../tf';

const SHORTEST = 1e-12;

/**
 * Vectors along the last axis divided by their length. A vector of length 0 has no direction: it stays 0 and its gradient is 0, where
 * TensorFlow.js's own norm gives NaN.
 */
export function unitLength<Rank extends tf.Tensor>(x: Rank): Rank {
  return tf.customGrad((input, save) => {
    const vectors = input as tf.Tensor;
    const inverseLength = inverseLengths(vectors);
    const value = tf.mul(vectors, inverseLength);
    (save as tf.GradSaveFunc)([value, inverseLength]);
    const gradFunc = (upstream: tf.Tensor, [unit, inverse]: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => tf.mul(tf.sub(upstream, tf.mul(unit, tf.sum(tf.mul(unit, upstream), -1, true))), inverse));
    return { value, gradFunc: gradFunc as never };
  })(x) as Rank;
}

/** 1 / length of the vectors along the last axis, that axis kept with size 1; 0, with a gradient of 0, for a vector of length 0. */
export function inverseLengths(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((input, save) => {
    const vectors = input as tf.Tensor;
    const value = tf.tidy(() => {
      const length = lengths(vectors);
      return tf.div(tf.step(length), tf.maximum(length, SHORTEST));
    });
    (save as tf.GradSaveFunc)([vectors, value]);
    const gradFunc = (upstream: tf.Tensor, [saved, inverse]: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => tf.mul(saved, tf.neg(tf.mul(upstream, tf.mul(inverse, tf.square(inverse))))));
    return { value, gradFunc: gradFunc as never };
  })(x);
}

/** On TensorFlow one kernel, which reads the vectors once; the squares are not written anywhere. */
function lengths(x: tf.Tensor): tf.Tensor {
  const backend = tensorFlowBackend();
  if (backend === undefined) return tf.sqrt(tf.sum(tf.square(x), -1, true));
  const attributes = [
    { name: 'keep_dims', type: constants.TF_ATTR_BOOL, value: true },
    { name: 'T', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT },
    { name: 'Tidx', type: constants.TF_ATTR_TYPE, value: constants.TF_INT32 },
  ];
  return backend.executeSingleOutput('EuclideanNorm', attributes, [x, tf.tensor1d([x.rank - 1], 'int32')]);
}
