import type { WasmKernel } from './types';

/** The package's kernel takes integers for floats. */
export const clipByValue: WasmKernel<'x', { clipValueMin: number; clipValueMax: number }> = {
  name: 'ClipByValue',
  run({ x }, backend, { clipValueMin, clipValueMax }, stock) {
    if (x.dtype === 'float32') return stock();
    const output = backend.makeOutput(x.shape, x.dtype);
    const [values, clipped] = [x, output].map((info) => backend.typedArrayFromHeap(info));
    values.forEach((value, i) => (clipped[i] = Math.min(Math.max(value, clipValueMin), clipValueMax)));
    return output;
  },
};
