import { util } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './types';

interface ReductionAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/**
 * Sums and means over adjacent axes before the last one, as in the gradient of a bias: one pass over memory. The package's
 * kernels transpose the whole tensor first; sums over the last axes stay theirs.
 */
export const sum = reduction('Sum', () => 1);
export const mean = reduction('Mean', (count) => 1 / count);

function reduction(name: string, scale: (count: number) => number): WasmKernel<'x', ReductionAttributes> {
  return {
    name,
    run({ x }, backend, { axis, keepDims }, stock) {
      const axes = util.parseAxisParam(axis, x.shape).toSorted((a, b) => a - b);
      const first = axes[0];
      const end = first + axes.length;
      const together = axes.every((each, i) => each === first + i);
      if (x.dtype !== 'float32' || axes.length === 0 || !together || end === x.shape.length) return stock();
      const [outer, count, inner] = [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)].map(util.sizeFromShape);
      const reduced = keepDims ? axes.map(() => 1) : [];
      const output = backend.makeOutput([...x.shape.slice(0, first), ...reduced, ...x.shape.slice(end)], 'float32');
      const [values, sums] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(output)];
      const row = new Float64Array(inner);
      for (let o = 0; o < outer; o++) {
        row.fill(0);
        for (let r = 0; r < count; r++) {
          const start = (o * count + r) * inner;
          for (let i = 0; i < inner; i++) row[i] += values[start + i];
        }
        const factor = scale(count);
        for (let i = 0; i < inner; i++) sums[o * inner + i] = row[i] * factor;
      }
      return output;
    },
  };
}
