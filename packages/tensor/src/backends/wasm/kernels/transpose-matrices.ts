import { getKernel } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A new tensor with the last two axes exchanged: [..., rows, columns] -> [..., columns, rows]. */
export function transposeMatrices(x: TensorInfo, backend: BackendWasm): TensorInfo {
  const [rows, columns] = x.shape.slice(-2);
  const leading = x.shape.slice(0, -2);
  const stack = { ...x, shape: [leading.reduce((product, axis) => product * axis, 1), rows, columns] };
  const kernel = getKernel('Transpose', 'wasm').kernelFunc;
  const output = kernel({ inputs: { x: stack }, backend, attrs: { perm: [0, 2, 1] } }) as TensorInfo;
  return { ...output, shape: [...leading, columns, rows] };
}
