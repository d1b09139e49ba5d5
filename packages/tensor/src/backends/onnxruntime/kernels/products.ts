import { broadcastShape, sizeOf, type StepGraph, type Symbolic } from '../step-graph';
import { transpose } from './arrangement';
import type { Kernels } from './kernel';

/** Products of matrices. */
export const products: Kernels = {
  BatchMatMul: (graph, { a, b }, { transposeA, transposeB }) => matMul(graph, a, b, transposeA, transposeB),
};

/** [..., rows, inner] x [..., inner, columns], either side transposed. Stacks of one matrix are multiplied as that matrix. */
export function matMul(graph: StepGraph, a: Symbolic, b: Symbolic, transposeA: boolean, transposeB: boolean): Symbolic {
  const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const inner = a.shape.at(transposeA ? -2 : -1);
  if (inner === 0 && graph.provider === 'webgpu') return graph.number(0, a.dtype, [...leading, rows, columns]);
  const isSingle = leading.every((size) => size === 1);
  const operands = isSingle ? [a, b].map((each) => graph.view(each, each.shape.slice(-2))) : [a, b];
  const shape = isSingle ? [rows, columns] : [...leading, rows, columns];
  const fused = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  const made =
    (transposeA || transposeB) && a.dtype === 'float32' && graph.has('FusedMatMul')
      ? graph.operation('FusedMatMul', operands, a.dtype, shape, fused, 'com.microsoft')
      : graph.operation('MatMul', [transposed(graph, operands[0], transposeA), transposed(graph, operands[1], transposeB)], a.dtype, shape);
  return graph.view(made, [...leading, rows, columns]);
}

function transposed(graph: StepGraph, x: Symbolic, isTransposed: boolean): Symbolic {
  if (!isTransposed) return x;
  const axes = x.shape.map((_, axis) => axis);
  return transpose(graph, x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/**
 * A product of two matrices plus the same row added to each of its rows, as one operation. Undefined for any other sum. A product
 * that the step also uses without the row is computed twice.
 */
export function productWithBias(graph: StepGraph, product: Symbolic, bias: Symbolic): Symbolic | undefined {
  const columns = product.shape.at(-1);
  const isRow =
    bias.shape.length > 0 && bias.shape.at(-1) === columns && sizeOf(bias.shape) === columns && bias.shape.length <= product.shape.length;
  const maker = graph.makerOf(product);
  if (!isRow || product.dtype !== 'float32' || !/^(Fused)?MatMul$/.test(maker?.opType ?? '')) return undefined;
  const [a, b] = maker!.inputs;
  if (maker!.shape.at(-1) !== columns || [a, b].some((side) => graph.builder.typeOf(side).shape.length !== 2)) return undefined;
  const sum = graph.operation('Gemm', [a, b, graph.view(bias, [columns])], 'float32', maker!.shape, maker!.attributes);
  return graph.view(sum, product.shape);
}
