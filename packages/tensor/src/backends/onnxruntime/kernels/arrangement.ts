import * as tf from '../../../tf';
import { axesOf, sameShape, sizeOf, type StepGraph, type Symbolic } from '../step-graph';
import type { Kernels } from './kernel';

/** Values in other shapes and orders. */
export const arrangement: Kernels = {
  Identity: (_, { x }) => x,
  Reshape: (graph, { x }, { shape }) => {
    const inferred = tf.util.inferFromImplicitShape(shape, sizeOf(x.shape));
    if (sizeOf(inferred) === sizeOf(x.shape)) return graph.view(x, inferred);
    throw new RangeError(`reshape: ${sizeOf(x.shape)} values of shape [${x.shape.join(', ')}] do not fill shape [${shape.join(', ')}]`);
  },
  ExpandDims: (graph, { input }, { dim }) => graph.view(input, inserted(input.shape, dim)),
  ZerosLike: (graph, { x }) => graph.number(0, x.dtype, x.shape),
  OnesLike: (graph, { x }) => graph.number(1, x.dtype, x.shape),
  Fill: (graph, _, { shape, value, dtype }) => graph.number(value, dtype ?? 'float32', shape),
  Range: (graph, _, { start, stop, step, dtype }) => {
    const by = stop < start && step === 1 ? -1 : step; // as TensorFlow.js has it
    const count = Math.max(0, Math.ceil((stop - start) / by));
    return graph.array(Array.from({ length: count }, (_, i) => start + i * by), dtype, [count]); // prettier-ignore
  },
  Transpose: (graph, { x }, { perm }) => transpose(graph, x, perm),
  Slice: (graph, { x }, { begin, size }) => {
    const starts = x.shape.map((_, i) => [begin].flat()[i] ?? 0);
    const sizes = x.shape.map((whole, i) => whole - starts[i]).map((rest, i) => ([size].flat()[i] ?? -1) === -1 ? rest : [size].flat()[i]); // prettier-ignore
    return slice(graph, x, starts, starts.map((start, i) => start + sizes[i]), x.shape.map(() => 1), sizes); // prettier-ignore
  },
  StridedSlice: (graph, { x }, { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask }) => {
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const plan = tf.slice_util.sliceInfo([...x.shape], begin, end, strides, ...masks);
    const ends = plan.end.map((end, i) => (plan.strides[i] < 0 && end < 0 ? -(2 ** 31) : end)); // to ONNX -1 is the last entry
    const shape = tf.slice_util.computeOutShape(plan.begin, plan.end, plan.strides);
    const made = graph.has('Slice by -2') ? slice(graph, x, plan.begin, ends, plan.strides, shape) : picked(graph, x, plan, shape);
    return graph.view(made, plan.finalShape);
  },
  SplitV: (graph, { x }, { numOrSizeSplits, axis }) => {
    const [along] = axesOf(axis, x.shape.length);
    return split(graph, x, sizesOfParts(x.shape[along], numOrSizeSplits), along);
  },
  Concat: (graph, inputs, { axis }) => concat(graph, Object.values(inputs), axis),
  Pack: (graph, inputs, { axis }) => {
    const all = Object.values(inputs);
    const [along] = axesOf(axis, all[0].shape.length + 1);
    return concat(graph, all.map((each) => graph.view(each, inserted(each.shape, along))), along); // prettier-ignore
  },
  Unpack: (graph, { value }, { axis }) => {
    const [along] = axesOf(axis, value.shape.length);
    const rest = value.shape.filter((_, i) => i !== along);
    return split(graph, value, Array<number>(value.shape[along]).fill(1), along).map((part) => graph.view(part, rest));
  },
  PadV2: (graph, { x }, { paddings, constantValue }) => {
    const shape = x.shape.map((size, i) => size + paddings[i][0] + paddings[i][1]);
    if (sameShape(shape, x.shape)) return x;
    const widths = [0, 1].flatMap((side) => (paddings as [number, number][]).map((each) => each[side]));
    return graph.operation('Pad', [x, graph.builder.integers(widths), graph.number(constantValue, x.dtype)], x.dtype, shape);
  },
  MirrorPad: (graph, { x }, { paddings, mode }) => {
    const mirror = (paddings as [number, number][]).map(([before, after], axis) => mirrored(x.shape[axis], before, after, mode));
    return mirror.reduce((padded, places, axis) => (places.length === x.shape[axis] ? padded : take(graph, padded, places, axis)), x);
  },
  Tile: (graph, { x }, { reps }) => {
    const shape = x.shape.map((size, i) => size * reps[i]);
    if (x.shape.every((size, i) => size === 1 || reps[i] === 1)) return graph.broadcast(x, shape);
    return graph.operation('Tile', [x, graph.builder.integers(reps)], x.dtype, shape);
  },
  Reverse: (graph, { x }, { dims }) => {
    const axes = axesOf(dims, x.shape.length);
    if (axes.length === 0) return x;
    const integers = (value: number) => graph.builder.integers(axes.map(() => value));
    return graph.operation('Slice', [x, integers(-1), integers(-(2 ** 31)), graph.builder.integers(axes), integers(-1)], x.dtype, x.shape);
  },
};

export function transpose(graph: StepGraph, x: Symbolic, perm: readonly number[]): Symbolic {
  const shape = perm.map((axis) => x.shape[axis]);
  if (graph.numberOf(x) !== undefined) return { ...x, shape };
  const wide = perm.filter((axis) => x.shape[axis] !== 1);
  if (wide.every((axis, i) => i === 0 || axis > wide[i - 1])) return graph.view(x, shape); // only axes of size 1 move
  return graph.operation('Transpose', [x], x.dtype, shape, { perm });
}

export function slice(graph: StepGraph, x: Symbolic, starts: number[], ends: number[], steps: number[], shape: number[]): Symbolic {
  if (graph.numberOf(x) !== undefined) return { ...x, shape };
  const axes = x.shape.map((_, i) => i).filter((i) => shape[i] !== x.shape[i] || steps[i] !== 1);
  if (axes.length === 0) return x;
  const of = (values: readonly number[]) => graph.builder.integers(axes.map((axis) => values[axis]));
  return graph.operation('Slice', [x, of(starts), of(ends), graph.builder.integers(axes), of(steps)], x.dtype, shape);
}

function split(graph: StepGraph, x: Symbolic, sizes: readonly number[], axis: number): Symbolic[] {
  const shapes = sizes.map((size) => x.shape.map((whole, i) => (i === axis ? size : whole)));
  if (sizes.length === 1) return [x];
  if (graph.numberOf(x) !== undefined) return shapes.map((shape) => ({ ...x, shape }));
  const { dtype } = x;
  const names = graph.builder.node({
    opType: 'Split',
    inputs: [graph.nameOf(x), graph.builder.integers(sizes)],
    outputs: shapes.map((shape) => ({ dtype, shape })),
    attributes: { axis },
  });
  return names.map((name, i) => ({ dtype, shape: shapes[i], source: { kind: 'node', name, shape: shapes[i] } }));
}

export function concat(graph: StepGraph, all: readonly Symbolic[], axis: number): Symbolic {
  const [along] = axesOf(axis, all[0].shape.length);
  const shape = all[0].shape.map((size, i) => (i === along ? all.reduce((sum, each) => sum + each.shape[along], 0) : size));
  const filled = all.filter((each) => sizeOf(each.shape) > 0);
  if (filled.length === 1) return filled[0];
  if (filled.length === 0) return { ...all[0], shape };
  return graph.operation('Concat', filled, all[0].dtype, shape, { axis: along });
}

/** The entries at `places` along an axis. */
function take(graph: StepGraph, x: Symbolic, places: readonly number[], axis: number): Symbolic {
  const shape = x.shape.map((size, i) => (i === axis ? places.length : size));
  return graph.operation('Gather', [x, graph.builder.integers(places)], x.dtype, shape, { axis });
}

/** A slice as the entries picked along each axis. */
function picked(
  graph: StepGraph,
  x: Symbolic,
  { begin, strides }: { begin: number[]; strides: number[] },
  shape: readonly number[],
): Symbolic {
  const places = shape.map((size, axis) => Array.from({ length: size }, (_, i) => begin[axis] + i * strides[axis]));
  return places.reduce((rest, along, axis) => (strides[axis] === 1 && shape[axis] === x.shape[axis] ? rest : take(graph, rest, along, axis)), x); // prettier-ignore
}

/** The index of each entry of an axis after mirroring; `symmetric` repeats the one at the border. */
function mirrored(size: number, before: number, after: number, mode: 'reflect' | 'symmetric'): number[] {
  const offset = mode === 'reflect' ? 0 : 1;
  return Array.from({ length: before + size + after }, (_, i) => i - before).map((at) => {
    if (at < 0) return -at - offset;
    return at < size ? at : 2 * size - 2 - at + offset;
  });
}

function inserted(shape: readonly number[], dim: number): number[] {
  const at = dim < 0 ? dim + shape.length + 1 : dim;
  return [...shape.slice(0, at), 1, ...shape.slice(at)];
}

function sizesOfParts(size: number, given: number | readonly number[]): number[] {
  if (typeof given === 'number') return Array<number>(given).fill(size / given);
  const known = given.filter((each) => each !== -1).reduce((sum, each) => sum + each, 0);
  return given.map((each) => (each === -1 ? size - known : each));
}
