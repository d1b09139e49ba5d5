import type { WasmKernel } from './types';

/** Adds the rows of x into `numSegments` rows by their segment ids; rows with a negative id are dropped. It is the gradient of `gather`, which the package lacks. */
export const unsortedSegmentSum: WasmKernel<'x' | 'segmentIds', { numSegments: number }> = {
  name: 'UnsortedSegmentSum',
  run({ x, segmentIds }, backend, { numSegments }) {
    const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
    const output = backend.makeOutput(shape, 'float32');
    const sums = backend.typedArrayFromHeap(output).fill(0);
    const values = backend.typedArrayFromHeap(x);
    const ids = backend.typedArrayFromHeap(segmentIds);
    const rowSize = sums.length / Math.max(numSegments, 1);
    ids.forEach((id, row) => {
      if (id < 0) return;
      if (id >= numSegments) throw new RangeError(`UnsortedSegmentSum: segment id ${id} is not below numSegments=${numSegments}`);
      for (let i = 0; i < rowSize; i++) sums[id * rowSize + i] += values[row * rowSize + i];
    });
    return output;
  },
};
