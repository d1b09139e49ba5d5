import type { WasmKernel } from './types';

/** 1 for every number but 0; the package keeps a number's last byte. */
export const cast: WasmKernel<'x', { dtype: string }> = {
  name: 'Cast',
  run({ x }, backend, { dtype }, stock) {
    if (dtype !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return stock();
    const output = backend.makeOutput(x.shape, 'bool');
    const [values, bools] = [x, output].map((info) => backend.typedArrayFromHeap(info));
    values.forEach((value, i) => (bools[i] = value === 0 ? 0 : 1));
    return output;
  },
};
