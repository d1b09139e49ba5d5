import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { WasmKernel } from './types';

/**
 * Slices, and operations made of them, copied within the heap. The package's kernels first copy the whole tensor for every slice, so
 * that splitting into n parts takes time in proportion to n times the tensor.
 */
export const slice: WasmKernel<'x', { begin: number | number[]; size: number | number[] }> = {
  name: 'Slice',
  run({ x }, backend, { begin, size }, stock) {
    if (x.dtype === 'string') return stock();
    const [from, extent] = slice_util.parseSliceParams(asTensor(x), begin, size);
    slice_util.assertParamsValid(asTensor(x), from, extent);
    return copySlice(x, from, extent, backend);
  },
};

export const splitV: WasmKernel<'x', { numOrSizeSplits: number | number[]; axis: number }, TensorInfo[]> = {
  name: 'SplitV',
  run({ x }, backend, { numOrSizeSplits, axis }, stock) {
    if (x.dtype === 'string') return stock();
    const [along] = util.parseAxisParam(axis, x.shape);
    const from = x.shape.map(() => 0);
    return backend_util.prepareSplitSize(asTensor(x), numOrSizeSplits, along).map((size) => {
      const part = copySlice(x, from, x.shape.with(along, size), backend);
      from[along] += size;
      return part;
    });
  },
};

export const unpack: WasmKernel<'value', { axis: number }, TensorInfo[]> = {
  name: 'Unpack',
  run({ value }, backend, { axis }, stock) {
    if (value.dtype === 'string') return stock();
    const [along] = util.parseAxisParam(axis, value.shape);
    const zeros = value.shape.map(() => 0);
    return Array.from({ length: value.shape[along] }, (_, i) => {
      const part = copySlice(value, zeros.with(along, i), value.shape.with(along, 1), backend);
      return { ...part, shape: value.shape.toSpliced(along, 1) };
    });
  },
};

function copySlice(x: TensorInfo, from: number[], extent: number[], backend: BackendWasm): TensorInfo {
  const output = backend.makeOutput(extent, x.dtype); // before the views: it may move the heap
  const [source, target] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(output)];
  const strides = [...util.computeStrides(x.shape), 1].slice(-Math.max(x.shape.length, 1));
  // The innermost axes that are taken whole, and the one before them, are contiguous in memory.
  let split = x.shape.length - 1;
  while (split > 0 && extent[split] === x.shape[split]) split--;
  const run = split < 0 ? 1 : extent[split] * strides[split];
  let written = 0;
  const copyFrom = (axis: number, offset: number): void => {
    if (axis >= split) {
      const start = offset + (split < 0 ? 0 : from[split] * strides[split]);
      if (run < 32) for (let i = 0; i < run; i++) target[written + i] = source[start + i];
      else target.set(source.subarray(start, start + run), written);
      written += run;
      return;
    }
    for (let i = 0; i < extent[axis]; i++) copyFrom(axis + 1, offset + (from[axis] + i) * strides[axis]);
  };
  if (target.length > 0) copyFrom(0, 0);
  return output;
}

/** The helpers of TensorFlow.js take tensors, of which they read the shape. */
function asTensor(x: TensorInfo): never {
  return { ...x, rank: x.shape.length } as never;
}
