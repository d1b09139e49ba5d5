import { elementTypes } from '@tass/onnx';
import { axesOf, type StepGraph, type Symbolic } from '../step-graph';
import { not } from './arithmetic';
import type { Kernels } from './kernel';

/** Over axes, or along one. */
export const reductions: Kernels = {
  Sum: (graph, { x }, { axis, keepDims }) => sum(graph, x, axis, keepDims),
  Mean: (graph, { x }, { axis, keepDims }) => reduce(graph, 'ReduceMean', graph.cast(x, 'float32'), axis, keepDims),
  Max: (graph, { x }, { reductionIndices, keepDims }) => extreme(graph, 'ReduceMax', x, reductionIndices, keepDims),
  Min: (graph, { x }, { axis, keepDims }) => extreme(graph, 'ReduceMin', x, axis, keepDims),
  Prod: (graph, { x }, { axis, keepDims }) => reduce(graph, 'ReduceProd', x, axis, keepDims),
  Any: (graph, { x }, { axis, keepDims }) => graph.cast(reduce(graph, 'ReduceMax', graph.cast(x, 'int32'), axis, keepDims), 'bool'),
  All: (graph, { x }, { axis, keepDims }) => {
    const anyNot = reduce(graph, 'ReduceMax', graph.cast(not(graph, x), 'int32'), axis, keepDims);
    return not(graph, graph.cast(anyNot, 'bool'));
  },
  ArgMax: (graph, { x }, { axis }) => argReduce(graph, 'ArgMax', x, axis),
  ArgMin: (graph, { x }, { axis }) => argReduce(graph, 'ArgMin', x, axis),
  Softmax: (graph, { logits }, { dim }) => graph.operation('Softmax', [logits], logits.dtype, logits.shape, { axis: dim }),
  Cumsum: (graph, { x }, { axis, exclusive, reverse }) => {
    const along = graph.builder.constant({ dtype: 'int64', shape: [] }, BigInt64Array.of(BigInt(axesOf(axis, x.shape.length)[0])));
    return graph.operation('CumSum', [x, along], x.dtype, x.shape, { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 });
  },
  Cumprod: (graph, { x }, { axis, exclusive, reverse }) => cumulativeProduct(graph, x, axesOf(axis, x.shape.length)[0], exclusive, reverse),
};

function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims ? shape.map((size, i) => (axes.includes(i) ? 1 : size)) : shape.filter((_, i) => !axes.includes(i));
}

function reduce(graph: StepGraph, opType: string, x: Symbolic, axis: number | readonly number[] | undefined, keepDims = false): Symbolic {
  return reduceIn(graph, [opType, opType], x, axesOf(axis, x.shape.length), keepDims);
}

/** The sum of a square is one operation, which does not write the squares. */
function sum(graph: StepGraph, x: Symbolic, axis: number | readonly number[] | undefined, keepDims = false): Symbolic {
  const axes = axesOf(axis, x.shape.length);
  if (graph.numberOf(x) === 0) return graph.number(0, x.dtype, reducedShape(x.shape, axes, keepDims));
  const root = axes.every((each) => x.shape[each] === 1) ? undefined : graph.rootOf(x);
  return root ? reduceIn(graph, ['ReduceSumSquare', 'ReduceSum'], root, axes, keepDims) : reduce(graph, 'ReduceSum', x, axes, keepDims);
}

/**
 * Over all axes it goes by the last one first, then by `rest`: onnxruntime adds one number after the other, which loses digits in long
 * sums.
 */
function reduceIn(
  graph: StepGraph,
  [first, rest]: readonly [string, string],
  x: Symbolic,
  axes: readonly number[],
  keepDims: boolean,
): Symbolic {
  const shape = reducedShape(x.shape, axes, keepDims);
  if (axes.every((each) => x.shape[each] === 1)) return graph.view(x, shape);
  const wide = graph.view(x, x.shape.filter((size) => size !== 1)); // prettier-ignore
  const last = wide.shape.length - 1;
  if (axes.length === x.shape.length && last > 0) {
    const rows = reduceIn(graph, [first, rest], wide, [last], false);
    return graph.view(reduceIn(graph, [rest, rest], rows, axesOf(undefined, last), false), shape);
  }
  return graph.operation(first, [x, graph.builder.integers(axes)], x.dtype, shape, { keepdims: keepDims ? 1 : 0 });
}

/** ONNX has none: the product of all entries for each place, with ones for those that do not count. */
function cumulativeProduct(graph: StepGraph, x: Symbolic, axis: number, exclusive: boolean, reverse: boolean): Symbolic {
  const size = x.shape[axis];
  const rest = x.shape.slice(axis + 1);
  const [entry, place] = [[1, size], [size, 1]].map((shape) => graph.view(graph.places(size), [...shape, ...rest.map(() => 1)])); // prettier-ignore
  const isCounted = graph.elementwise((reverse ? 'Greater' : 'Less') + (exclusive ? '' : 'OrEqual'), [entry, place], 'bool');
  const entries = graph.view(x, [...x.shape.slice(0, axis), 1, size, ...rest]);
  const counted = graph.elementwise('Where', [isCounted, entries, graph.number(1, x.dtype)], x.dtype);
  return reduce(graph, 'ReduceProd', counted, axis + 1);
}

/** NaN if any entry is; onnxruntime ignores those after the first. */
function extreme(graph: StepGraph, opType: string, x: Symbolic, axis: number | readonly number[] | undefined, keepDims: boolean): Symbolic {
  const found = reduce(graph, opType, x, axis, keepDims);
  if (x.dtype !== 'float32') return found;
  const isNaN = graph.cast(graph.isNaN(x), 'int32');
  const anyNaN = graph.cast(reduce(graph, 'ReduceMax', isNaN, axis, keepDims), 'bool');
  return graph.elementwise('Where', [anyNaN, graph.number(NaN, 'float32'), found], 'float32');
}

/** NaN is never the greatest or least, as on TensorFlow.js's own engines. */
function argReduce(graph: StepGraph, opType: 'ArgMax' | 'ArgMin', given: Symbolic, axis: number | readonly number[]): Symbolic {
  const x = graph.withoutNaN(given.dtype === 'bool' ? graph.cast(given, 'int32') : given, opType === 'ArgMax' ? -Infinity : Infinity);
  const [along] = axesOf(axis, x.shape.length);
  const shape = reducedShape(x.shape, [along], false);
  const [name] = graph.builder.node({
    opType,
    inputs: [graph.nameOf(x)],
    outputs: [{ dtype: 'int64', shape }],
    attributes: { axis: along, keepdims: 0 },
  });
  return graph.operation('Cast', [name], 'int32', shape, { to: elementTypes.int32 });
}
