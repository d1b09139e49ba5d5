import { HeldTensors } from '../backends/onnxruntime/held-tensors';
import { onnxruntimeInUse } from '../backends/onnxruntime/install';
import { constants } from '../backends/tensorflow/constants';
import { tensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import * as tf from '../tf';

/** The same values in half precision, or already converted to single precision; only the form that the engine takes is requested. */
export interface Halves {
  readonly halves: () => Uint16Array;
  readonly floats: () => Float32Array;
}

/**
 * A float32 tensor of values that are kept in half precision. TensorFlow converts them itself, and so do steps of onnxruntime: half the bytes are
 * copied, and on a GPU half cross to it. `halves` are copied, `floats` may be kept by the tensor; if it is used outside of a step,
 * onnxruntime's engine requests `floats` later.
 */
export function tensorFromHalves(values: Halves, shape: number[]): tf.Tensor {
  if (onnxruntimeInUse()) return heldHalves(values, shape);
  const backend = tensorFlowBackend();
  if (backend === undefined) return tf.tensor(values.floats(), shape);
  const { binding } = backend;
  const half = binding.createTensor(shape, constants.TF_HALF, values.halves());
  const attributes = [
    { name: 'SrcT', type: constants.TF_ATTR_TYPE, value: constants.TF_HALF },
    { name: 'DstT', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT },
  ];
  try {
    return backend.createOutputTensor(binding.executeOp('Cast', attributes, [half], 1)[0]);
  } finally {
    binding.deleteTensor(half);
  }
}

function heldHalves({ halves, floats }: Halves, shape: number[]): tf.Tensor {
  const held = HeldTensors.get();
  const given = halves();
  const values = held.allocate('float16', given.length);
  values.set(given);
  return held.tensorOf(values, 'float16', shape, floats);
}
