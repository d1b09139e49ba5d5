import { slice_util, util } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './types';

interface StridedSliceAttributes {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** The package's kernel treats every type as float32. */
export const stridedSlice: WasmKernel<'x', StridedSliceAttributes> = {
  name: 'StridedSlice',
  run({ x }, backend, attributes, stock) {
    if (x.dtype !== 'int32' && x.dtype !== 'bool') return stock();
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const plan = slice_util.sliceInfo(x.shape, begin, end, strides, ...masks);
    const taken = slice_util.computeOutShape(plan.begin, plan.end, plan.strides);
    const output = backend.makeOutput(plan.finalShape, x.dtype);
    const [source, target] = [x, output].map((info) => backend.typedArrayFromHeap(info));
    const steps = [...util.computeStrides(x.shape), 1];
    let written = 0;
    const copyFrom = (axis: number, offset: number): void => {
      if (axis === taken.length) target[written++] = source[offset];
      else for (let i = 0; i < taken[axis]; i++) copyFrom(axis + 1, offset + (plan.begin[axis] + i * plan.strides[axis]) * steps[axis]);
    };
    if (target.length > 0) copyFrom(0, 0);
    return output;
  },
};
