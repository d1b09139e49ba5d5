import { backend_util, util } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './types';

/** Rows by their places in each batch. The package's kernel gives wrong rows from the second batch on, and a wrong shape where there are no values. */
export const gather: WasmKernel<'x' | 'indices', { axis: number; batchDims?: number }> = {
  name: 'GatherV2',
  run({ x, indices }, backend, { axis, batchDims = 0 }, stock) {
    if (batchDims === 0 && util.sizeFromShape(x.shape) > 0) return stock();
    const [along] = util.parseAxisParam(axis, x.shape);
    const { collectGatherOpShapeInfo } = backend_util.segment_util;
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = collectGatherOpShapeInfo(x as never, indices as never, along, batchDims); // prettier-ignore
    const outside = backend.typedArrayFromHeap(indices).find((place) => place < 0 || place >= dimSize);
    if (outside !== undefined) throw new RangeError(`GatherV2: the index value ${outside} is not in [0, ${dimSize - 1}]`);
    const output = backend.makeOutput(outputShape, x.dtype); // before the views: it may move the heap
    const [source, places, target] = [x, indices, output].map((info) => backend.typedArrayFromHeap(info));
    const perBatch = places.length / Math.max(batchSize, 1);
    let written = 0;
    for (let row = 0; row < batchSize * outerSize; row++) {
      const first = Math.floor(row / outerSize) * perBatch;
      for (const place of places.subarray(first, first + perBatch)) {
        const start = (row * dimSize + place) * sliceSize;
        target.set(source.subarray(start, start + sliceSize), written);
        written += sliceSize;
      }
    }
    return output;
  },
};
