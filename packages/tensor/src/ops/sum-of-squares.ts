import { constants } from '../backends/tensorflow/constants';
import { tensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import * as tf from '../tf';

/** The sum of the squares of all entries, a scalar without a gradient. On TensorFlow one kernel, which writes the squares nowhere. */
export function sumOfSquares(x: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const backend = tensorFlowBackend();
    if (backend === undefined) return tf.sum(tf.square(x)) as tf.Scalar;
    const half = backend.executeSingleOutput('L2Loss', [{ name: 'T', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT }], [x]);
    return tf.mul(half, 2) as tf.Scalar;
  });
}
