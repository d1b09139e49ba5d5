import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { WasmKernel } from './types';

/** If the second number is NaN, the package's kernels return the first. */
const ofTwo = ['Maximum', 'Minimum'].map((name): WasmKernel<'a' | 'b'> => ({
  name,
  run({ a, b }, backend, attributes, stock) {
    const output = stock();
    if (!hasNaN(b, backend)) return output;
    const swapped = stock(attributes, { a: b, b: a });
    keepNaN(swapped, output, backend);
    backend.disposeData(swapped.dataId);
    return output;
  },
}));

/** The package's kernel gives 0 for it. */
const relu6: WasmKernel<'x'> = {
  name: 'Relu6',
  run({ x }, backend, _, stock) {
    const output = stock();
    keepNaN(x, output, backend);
    return output;
  },
};

/** Writes NaN into `output` wherever `x`, of the same shape, has it. */
export function keepNaN(x: TensorInfo, output: TensorInfo, backend: BackendWasm): void {
  if (!hasNaN(x, backend)) return;
  const [values, kept] = [x, output].map((info) => backend.typedArrayFromHeap(info));
  values.forEach((value, i) => {
    if (Number.isNaN(value)) kept[i] = NaN;
  });
}

const hasNaN = (x: TensorInfo, backend: BackendWasm): boolean => x.dtype === 'float32' && backend.typedArrayFromHeap(x).includes(NaN);

export const notANumber = [...ofTwo, relu6] as unknown as WasmKernel<string>[];
