import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { WasmKernel } from './types';

/** Types for which the package's kernels give arbitrary values, where TensorFlow.js's own engine computes them. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  ...forEach(['Abs', 'Atan', 'Atan2', 'Exp', 'Expm1', 'LeakyRelu', 'Neg', 'Relu', 'Relu6', 'Reverse', 'Round', 'Selu', 'Sign', 'Sinh', 'Softplus', 'Square', 'Step', 'TopK'], ['bool']), // prettier-ignore
  ...forEach(['Acos', 'Acosh', 'Asin', 'Asinh', 'Atanh', 'IsFinite', 'IsInf', 'IsNan', 'Log1p', 'Prelu', 'Reciprocal'], ['bool', 'int32']),
};

/** They end with an error that gives the remedy. */
const ofTypes = Object.entries(unsupported).map(([name, types]): WasmKernel<string> => ({
  name,
  run(inputs, _, __, stock) {
    const wrong = Object.values(inputs).find(({ dtype }) => types.includes(dtype));
    if (wrong !== undefined) throw new TypeError(`${name}: engine wasm does not compute it of ${wrong.dtype}. Cast the tensor to ${types.includes('int32') ? 'float32' : 'int32'} first`); // prettier-ignore
    return stock();
  },
}));

/** The package's Prelu repeats alpha along x from its first number, whatever their shapes. */
const ofShapes: WasmKernel<'x' | 'alpha'> = {
  name: 'Prelu',
  run({ x, alpha }, _, __, stock) {
    const axes = alpha.shape.slice(alpha.shape.findIndex((size) => size !== 1)); // of [1, 1] the last 1
    const isRepeated = util.sizeFromShape(axes) === 1 || util.arraysEqual(axes, x.shape.slice(x.shape.length - axes.length));
    if (isRepeated && alpha.shape.length <= x.shape.length) return stock();
    throw new RangeError(`Prelu: alpha has shape [${alpha.shape.join(', ')}], expected the last axes of x, which has [${x.shape.join(', ')}]. Use tf.broadcastTo first`); // prettier-ignore
  },
};

/** By 0 the package's FloorDiv gives -2 ** 31, its Mod ends the kernel half-way. */
const ofZeroDivisors = ['FloorDiv', 'Mod'].map((name): WasmKernel<'a' | 'b'> => ({
  name,
  run({ a, b }, backend, _, stock) {
    if (a.dtype === 'bool') throw new TypeError(`${name}: engine wasm does not compute it of bool. Cast the tensor to int32 first`);
    if (b.dtype === 'int32' && backend.typedArrayFromHeap(b).includes(0)) throw new RangeError(`${name}: an integer is divided by 0. Replace the zeros of the divisor first`); // prettier-ignore
    return stock();
  },
}));

/** The package's kernel reads whatever is at a place outside of params. */
const ofPlaces: WasmKernel<'params' | 'indices'> = {
  name: 'GatherNd',
  run({ params, indices }, backend, _, stock) {
    const places = backend.typedArrayFromHeap(indices);
    const axes = indices.shape[indices.shape.length - 1];
    const outside = places.findIndex((place, i) => place < 0 || place >= params.shape[i % axes]);
    if (outside < 0) return stock();
    const first = outside - (outside % axes);
    throw new RangeError(`GatherNd: the place [${places.slice(first, first + axes).join(', ')}] is outside of params, whose shape is [${params.shape.join(', ')}]`); // prettier-ignore
  },
};

/** Without entries the package's kernels leave arbitrary values. */
const ofEmptyAxes = ['All', 'Any', 'Max', 'Min', 'Prod'].map((name): WasmKernel<'x'> => ({
  name,
  run({ x }, backend, attributes, stock) {
    const output = stock();
    if (util.sizeFromShape(x.shape) === 0 && util.sizeFromShape(output.shape) > 0) {
      dispose(output, backend);
      throw new RangeError(`${name}: x of shape [${x.shape.join(', ')}] has no entries to reduce, expected at least one`);
    }
    return output;
  },
}));

function forEach(names: readonly string[], types: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(names.map((name) => [name, types]));
}

function dispose({ dataId }: TensorInfo, backend: BackendWasm): void {
  backend.disposeData(dataId);
}

export const refusals = [...ofTypes, ofShapes, ofPlaces, ...ofZeroDivisors, ...ofEmptyAxes] as unknown as WasmKernel<string>[];
