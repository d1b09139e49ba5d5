import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import * as tf from '../../tf';
import { constants } from './constants';

/**
 * tfjs-node's kernel reads the indices in JavaScript to check them, at every call, and so cannot be recorded. TensorFlow checks them itself on
 * a processor; on a GPU it gives zeros for an invalid index.
 */
export const gather: KernelConfig = {
  kernelName: 'GatherV2',
  backendName: 'tensorflow',
  kernelFunc({ inputs, backend, attrs }) {
    const { x, indices } = inputs as NamedTensorInfoMap & { x: tf.Tensor; indices: tf.Tensor };
    const { axis, batchDims } = attrs as NamedAttrMap & { axis: number; batchDims: number };
    const onBackend = backend as NodeJSKernelBackend;
    const type = (name: string, dtype: tf.DataType) => ({ name, type: constants.TF_ATTR_TYPE, value: onBackend.getDTypeInteger(dtype) });
    const attributes = [
      { name: 'batch_dims', type: constants.TF_ATTR_INT, value: batchDims },
      ...[type('Tparams', x.dtype), type('Tindices', indices.dtype), type('Taxis', 'int32')],
    ];
    return tf.tidy(() => onBackend.executeSingleOutput('GatherV2', attributes, [x, indices, tf.scalar(axis, 'int32')])) as TensorInfo;
  },
};
