import { elementTypes } from '@tass/onnx';
import { CompileError } from '../../../compile/compile-error';
import { axesOf, sizeOf, type StepGraph, type Symbolic } from '../step-graph';
import { multiply } from './arithmetic';
import type { Kernels } from './kernel';
import { matMul } from './products';

const mostRowsByProduct = 512; // up to this size a product with a one-hot matrix is faster than scattering

/** Values by their places. */
export const indices: Kernels = {
  OneHot: (graph, { indices }, { depth, onValue, offValue, dtype = 'int32' }) => {
    const isHit = oneHot(graph, indices, depth);
    if (onValue === 1 && offValue === 0) return graph.cast(isHit, dtype);
    return graph.elementwise('Where', [isHit, graph.number(onValue, dtype), graph.number(offValue, dtype)], dtype);
  },
  GatherV2: (graph, { x, indices }, { axis, batchDims = 0 }) => {
    const [along] = axesOf(axis, x.shape.length);
    const shape = [...x.shape.slice(0, along), ...indices.shape.slice(batchDims), ...x.shape.slice(along + 1)];
    if (batchDims === 0) return graph.operation('Gather', [x, indices], x.dtype, shape, { axis: along });
    return gatherInBatches(graph, x, indices, along, batchDims, shape);
  },
  GatherNd: (graph, { params, indices }) => {
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(indices.shape.at(-1))];
    return graph.operation('GatherND', [params, int64Indices(graph, indices)], params.dtype, shape);
  },
  UnsortedSegmentSum: (graph, { x, segmentIds }, { numSegments }) => segmentSum(graph, x, segmentIds, numSegments),
  TopK: (graph, { x }, { k, sorted }) => {
    const shape = [...x.shape.slice(0, -1), k];
    const [values, places] = graph.builder.node({
      opType: 'TopK',
      inputs: [graph.nameOf(x), graph.builder.integers([k])],
      outputs: [
        { dtype: x.dtype, shape },
        { dtype: 'int64', shape },
      ],
      attributes: { axis: -1, sorted: sorted === false ? 0 : 1 },
    });
    return [{ dtype: x.dtype, shape, source: { kind: 'node', name: values, shape } }, graph.operation('Cast', [places], 'int32', shape, { to: elementTypes.int32 })]; // prettier-ignore
  },
};

/** bool [...indices, depth]. ONNX's own OneHot lacks these types on the CPU. */
function oneHot(graph: StepGraph, indices: Symbolic, depth: number): Symbolic {
  const column = graph.view(graph.cast(indices, 'int32'), [...indices.shape, 1]);
  return graph.elementwise('Equal', [column, graph.places(depth)], 'bool');
}

/** Merges the batch axes of `x` and `indices` into one, and offsets the indices of each batch. */
function gatherInBatches(graph: StepGraph, x: Symbolic, indices: Symbolic, axis: number, batchDims: number, shape: number[]): Symbolic {
  if (axis !== batchDims)
    throw new CompileError(
      `compile: gather has axis ${axis} with batchDims ${batchDims}, expected the same number. Or set engine.compile=off`,
    );
  const batches = sizeOf(x.shape.slice(0, batchDims));
  const [rows, rest] = [x.shape[axis], x.shape.slice(axis + 1)];
  const flat = graph.view(x, [batches * rows, ...rest]);
  const offsets = graph.view(multiply(graph, graph.places(batches), graph.number(rows, 'int32')), [batches, 1]);
  const places = graph.elementwise('Add', [graph.view(graph.cast(indices, 'int32'), [batches, sizeOf(indices.shape) / batches]), offsets]);
  return graph.view(graph.operation('Gather', [flat, places], x.dtype, [...places.shape, ...rest], { axis: 0 }), shape);
}

/**
 * Rows added up by their segment, as the gradient of a gather needs it. Not ONNX's ScatterND: with several threads its sums differ in the last bits from
 * run to run.
 */
function segmentSum(graph: StepGraph, x: Symbolic, segmentIds: Symbolic, segments: number): Symbolic {
  const shape = [segments, ...x.shape.slice(segmentIds.shape.length)];
  const rows = sizeOf(segmentIds.shape);
  const width = sizeOf(shape.slice(1));
  const flat = graph.view(x, [rows, width]);
  if (segments <= mostRowsByProduct && x.dtype === 'float32') {
    const isOf = graph.cast(oneHot(graph, graph.view(segmentIds, [rows]), segments), x.dtype);
    return graph.view(matMul(graph, isOf, flat, true, false), shape);
  }
  const given = graph.view(graph.cast(segmentIds, 'int32'), [rows, 1]);
  const [zero, end] = [0, segments].map((value) => graph.number(value, 'int32'));
  const isThere = graph.elementwise('And', [graph.elementwise('GreaterOrEqual', [given, zero], 'bool'), graph.elementwise('Less', [given, end], 'bool')], 'bool'); // prettier-ignore
  const ids = graph.broadcast(graph.elementwise('Where', [isThere, given, zero], 'int32'), [rows, width]);
  const kept = graph.elementwise('Where', [isThere, flat, graph.number(0, x.dtype)], x.dtype); // rows of other ids are added nowhere
  const zeros = graph.number(0, x.dtype, [segments, width]);
  const added = graph.operation('ScatterElements', [zeros, ids, kept], x.dtype, [segments, width], { axis: 0, reduction: 'add' });
  return graph.view(added, shape);
}

function int64Indices(graph: StepGraph, indices: Symbolic): string {
  const { shape } = indices;
  return graph.builder.node({
    opType: 'Cast',
    inputs: [graph.nameOf(indices)],
    outputs: [{ dtype: 'int64', shape }],
    attributes: { to: elementTypes.int64 },
  })[0];
}
