import type { StepGraph, Symbolic } from '../step-graph';
import { multiply, not, square } from './arithmetic';
import type { Kernel, Kernels } from './kernel';

const ofIntegers = new Set(['Abs', 'Neg', 'Relu']);
const unary =
  (opType: string): Kernel =>
  (graph, { x }) =>
    graph.elementwise(opType, [ofIntegers.has(opType) ? x : graph.cast(x, 'float32')]);
/** ONNX's name, if it differs from TensorFlow.js's. */
const sameName = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp', 'Floor', 'Log', 'Neg'],
  ...['Reciprocal', 'Relu', 'Round', 'Sigmoid', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Tan', 'Tanh'],
];

/** One operand entry by entry. */
export const functions: Kernels = {
  ...Object.fromEntries(sameName.map((opType) => [opType, unary(opType)])),
  Sign: (graph, { x }) => (graph.has('Sign') ? graph.elementwise('Sign', [x]) : sign(graph, x)),
  Square: (graph, { x }) => square(graph, x),
  Rsqrt: (graph, { x }) => graph.elementwise('Reciprocal', [graph.elementwise('Sqrt', [x])]),
  Expm1: (graph, { x }) => expm1(graph, x),
  Log1p: (graph, { x }) => log1p(graph, x),
  Relu6: (graph, { x }) => clip(graph, x, 0, 6),
  ClipByValue: (graph, { x }, { clipValueMin, clipValueMax }) => clip(graph, x, clipValueMin, clipValueMax),
  LeakyRelu: (graph, { x }, { alpha }) => graph.elementwise('LeakyRelu', [x], x.dtype, { alpha: { float: alpha } }),
  Selu: (graph, { x }) => graph.elementwise('Selu', [x]),
  Step: (graph, { x }, { alpha }) => {
    const isPositive = graph.elementwise('Greater', [x, graph.number(0, x.dtype)], 'bool');
    const [one, otherwise] = [1, alpha].map((value) => graph.number(value, x.dtype));
    const step = alpha ? graph.elementwise('Where', [isPositive, one, otherwise], x.dtype) : graph.cast(isPositive, x.dtype);
    if (x.dtype !== 'float32') return step;
    return graph.elementwise('Where', [graph.isNaN(x), x, step], x.dtype);
  },
  FusedBatchNorm: (graph, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const deviation = graph.elementwise('Sqrt', [graph.elementwise('Add', [variance, graph.number(varianceEpsilon, 'float32')])]);
    const normal = graph.elementwise('Div', [graph.elementwise('Sub', [x, mean]), deviation]);
    const scaled = scale ? multiply(graph, normal, scale) : normal;
    return offset ? graph.elementwise('Add', [scaled, offset]) : scaled;
  },
  Cast: (graph, { x }, { dtype }) => graph.cast(x, dtype),
  IsNan: (graph, { x }) => graph.isNaN(x),
  IsInf: (graph, { x }) => graph.elementwise('IsInf', [x], 'bool'),
  IsFinite: (graph, { x }) => {
    return not(graph, graph.or(graph.isNaN(x), graph.elementwise('IsInf', [x], 'bool')));
  },
};

function sign(graph: StepGraph, x: Symbolic): Symbolic {
  const zero = graph.number(0, x.dtype);
  const [above, below] = ['Greater', 'Less'].map((opType) => graph.cast(graph.elementwise(opType, [x, zero], 'bool'), x.dtype));
  return graph.elementwise('Sub', [above, below]);
}

function clip(graph: StepGraph, x: Symbolic, least: number, greatest: number): Symbolic {
  return graph.elementwise('Clip', [x, graph.number(least, x.dtype), graph.number(greatest, x.dtype)]);
}

/** tanh(x / 2) (exp(x) + 1) = exp(x) - 1, without the loss of digits near 0. */
function expm1(graph: StepGraph, x: Symbolic): Symbolic {
  const half = graph.elementwise('Tanh', [multiply(graph, x, graph.number(0.5, 'float32'))]);
  return multiply(graph, half, graph.elementwise('Add', [graph.elementwise('Exp', [x]), graph.number(1, 'float32')]));
}

/** log(u) x / (u - 1) with u the rounded 1 + x, which cancels the rounding (Kahan); x itself where u is 1 or infinite. */
function log1p(graph: StepGraph, x: Symbolic): Symbolic {
  const one = graph.number(1, 'float32');
  const u = graph.elementwise('Add', [x, one]);
  const quotient = graph.elementwise('Div', [x, graph.elementwise('Sub', [u, one])]);
  const isItself = graph.or(graph.elementwise('Equal', [u, one], 'bool'), graph.elementwise('Equal', [u, graph.number(Infinity, 'float32')], 'bool')); // prettier-ignore
  return graph.elementwise('Where', [isItself, x, multiply(graph, graph.elementwise('Log', [u]), quotient)], 'float32');
}
