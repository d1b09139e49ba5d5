import { keepNaN } from './not-a-number';
import type { WasmKernel } from './types';

/** The package's kernel treats integers as floats, and returns the minimum for NaN. */
export const clipByValue: WasmKernel<'x', { clipValueMin: number; clipValueMax: number }> = {
  name: 'ClipByValue',
  run({ x }, backend, { clipValueMin, clipValueMax }, stock) {
    if (x.dtype === 'float32') {
      const clipped = stock();
      keepNaN(x, clipped, backend);
      return clipped;
    }
    const output = backend.makeOutput(x.shape, x.dtype);
    const [values, clipped] = [x, output].map((info) => backend.typedArrayFromHeap(info));
    values.forEach((value, i) => (clipped[i] = Math.min(Math.max(value, clipValueMin), clipValueMax)));
    return output;
  },
};
