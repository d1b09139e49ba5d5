import { util } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './types';

/** The package's kernels write outside of their tensors where the axis is counted from the end. */
export const cumulative = ['Cumprod', 'Cumsum'].map((name): WasmKernel<'x', { axis: number }> => ({
  name,
  run: ({ x }, _, attributes, stock) => stock({ ...attributes, axis: util.parseAxisParam(attributes.axis, x.shape)[0] }),
}));
