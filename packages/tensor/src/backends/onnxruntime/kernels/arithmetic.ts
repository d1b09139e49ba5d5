import * as tf from '../../../tf';
import type { NativeType } from '../native-value';
import { broadcastShape, type StepGraph, type Symbolic } from '../step-graph';
import type { Kernel, Kernels } from './kernel';
import { productWithBias } from './products';

const binary = (opType: string): Kernel => (graph, { a, b }) => graph.elementwise(opType, [a, b]); // prettier-ignore
const compared =
  (opType: string): Kernel =>
  (graph, { a, b }) =>
    graph.elementwise(
      opType,
      [a, b].map((each) => (each.dtype === 'bool' ? graph.cast(each, 'int32') : each)),
      'bool',
    ); // onnxruntime orders no bools
const logical =
  (opType: string): Kernel =>
  (graph, { a, b }) =>
    graph.elementwise(opType, [a, b], 'bool');

/** Two operands entry by entry; comparisons and logic. */
export const arithmetic: Kernels = {
  Add: (graph, { a, b }) => withoutNeutral(graph, a, b, 0) ?? productWithBias(graph, a, b) ?? graph.elementwise('Add', [a, b]),
  Sub: binary('Sub'),
  Multiply: (graph, { a, b }) => withoutNeutral(graph, a, b, 1) ?? multiply(graph, a, b),
  RealDiv: (graph, { a, b }) => graph.elementwise('Div', divisible(graph, a, b)),
  FloorDiv: (graph, { a, b }) => floorDivide(graph, a, b),
  Mod: (graph, { a, b }) => modulo(graph, a, b),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  SquaredDifference: (graph, { a, b }) => square(graph, graph.elementwise('Sub', [a, b])),
  Atan2: (graph, { a, b }) => atan2(graph, a, b),
  Prelu: (graph, { x, alpha }) => graph.elementwise('PRelu', [x, alpha]),
  EluGrad: (graph, { dy, y }) => {
    const grows = graph.elementwise('GreaterOrEqual', [y, graph.number(0, y.dtype)], 'bool');
    const slope = graph.elementwise('Add', [y, graph.number(1, y.dtype)]);
    return graph.elementwise('Where', [grows, dy, multiply(graph, dy, slope)], dy.dtype);
  },
  AddN: (graph, inputs) => {
    const all = Object.values(inputs);
    if (all[0].dtype === 'float32' && graph.has('Sum')) return graph.operation('Sum', all, all[0].dtype, all[0].shape);
    return all.reduce((sum, each) => graph.elementwise('Add', [sum, each]));
  },
  Greater: compared('Greater'),
  GreaterEqual: compared('GreaterOrEqual'),
  Less: compared('Less'),
  LessEqual: compared('LessOrEqual'),
  Equal: compared('Equal'),
  NotEqual: (graph, { a, b }) => not(graph, graph.elementwise('Equal', [a, b], 'bool')),
  LogicalAnd: logical('And'),
  LogicalOr: (graph, { a, b }) => graph.or(a, b),
  LogicalXor: logical('Xor'),
  LogicalNot: (graph, { x }) => not(graph, x),
  Select: (graph, { condition, t, e }) => {
    const aligned = graph.view(condition, [...condition.shape, ...Array<number>(t.shape.length - condition.shape.length).fill(1)]);
    const dtype = tf.upcastType(t.dtype as 'float32', e.dtype as 'float32') as NativeType;
    const chosen = dtype === 'bool' ? 'int32' : dtype; // onnxruntime chooses between numbers only
    return graph.cast(graph.elementwise('Where', [aligned, graph.cast(t, chosen), graph.cast(e, chosen)], chosen), dtype);
  },
};

export const multiply = (graph: StepGraph, a: Symbolic, b: Symbolic): Symbolic => graph.elementwise('Mul', [a, b]);
export const square = (graph: StepGraph, x: Symbolic): Symbolic => multiply(graph, x, x);
export const not = (graph: StepGraph, x: Symbolic): Symbolic => graph.not(x);

/** x + 0, x * 1: the ones of a sum's gradient, the zeros of a missing gradient. Undefined if neither operand is `neutral`. */
function withoutNeutral(graph: StepGraph, a: Symbolic, b: Symbolic, neutral: number): Symbolic | undefined {
  const shape = broadcastShape(a.shape, b.shape);
  if (graph.numberOf(b) === neutral) return graph.broadcast(a, shape);
  if (graph.numberOf(a) === neutral) return graph.broadcast(b, shape);
  return undefined;
}

/**
 * Operands with the same quotient and remainder, without divisors that onnxruntime cannot take: an integer divided by 0 is an error there, and
 * -2 ** 31 / -1 kills the process (SIGFPE). By 0 both results are 0, as on `cpu`.
 */
function divisible(graph: StepGraph, a: Symbolic, b: Symbolic): [a: Symbolic, b: Symbolic] {
  if (b.dtype !== 'int32' || ![0, -1, undefined].includes(graph.numberOf(b))) return [a, b];
  const [isZero, isMinusOne] = [0, -1].map((value) => graph.elementwise('Equal', [b, graph.number(value, b.dtype)], 'bool'));
  const isSpecial = graph.or(isZero, isMinusOne);
  const dividend = graph.elementwise('Where', [isSpecial, multiply(graph, a, b), a], a.dtype);
  return [dividend, graph.elementwise('Where', [isSpecial, graph.number(1, b.dtype), b], b.dtype)];
}

/** ONNX's quotient of integers truncates: subtract one if there is a remainder and the signs differ. */
function floorDivide(graph: StepGraph, dividend: Symbolic, divisor: Symbolic): Symbolic {
  const [a, b] = divisible(graph, dividend, divisor);
  const quotient = graph.elementwise('Div', [a, b]);
  if (a.dtype === 'float32') return graph.elementwise('Floor', [quotient]);
  const [zero, one] = [0, 1].map((value) => graph.number(value, a.dtype));
  const rest = graph.elementwise('Sub', [a, multiply(graph, quotient, b)]);
  const [isRest, isSameSign] = [
    not(graph, graph.elementwise('Equal', [rest, zero], 'bool')),
    graph.elementwise('Equal', [rest, b].map((each) => graph.elementwise('Less', [each, zero], 'bool')), 'bool'), // prettier-ignore
  ];
  const isOver = graph.elementwise('And', [isRest, not(graph, isSameSign)], 'bool');
  return graph.elementwise('Where', [isOver, graph.elementwise('Sub', [quotient, one]), quotient], a.dtype);
}

/** With the sign of the divisor; ONNX's Mod with fmod has that of the dividend. */
function modulo(graph: StepGraph, dividend: Symbolic, divisor: Symbolic): Symbolic {
  const [a, b] = divisible(graph, dividend, divisor);
  const remainder = (x: Symbolic) => graph.elementwise('Mod', [x, b], x.dtype, { fmod: 1 });
  const zero = graph.number(0, a.dtype);
  const [first, second] = [a, b].map((each) => graph.elementwise('Less', [each, zero], 'bool'));
  const sameSign = graph.elementwise('Equal', [first, second], 'bool');
  const plain = remainder(a);
  return graph.elementwise('Where', [sameSign, plain, remainder(graph.elementwise('Add', [plain, b]))], a.dtype);
}

/** The angle of the point (b, a). */
function atan2(graph: StepGraph, a: Symbolic, b: Symbolic): Symbolic {
  const zero = graph.number(0, 'float32');
  const half = graph.elementwise('Atan', [graph.elementwise('Div', [a, b])]);
  const turn = graph.elementwise('Where', [graph.elementwise('Less', [a, zero], 'bool'), graph.number(-Math.PI, 'float32'), graph.number(Math.PI, 'float32')], 'float32'); // prettier-ignore
  const behind = graph.elementwise('Where', [graph.elementwise('Less', [b, zero], 'bool'), graph.elementwise('Add', [half, turn]), half], 'float32'); // prettier-ignore
  const isOrigin = graph.elementwise('And', [a, b].map((each) => graph.elementwise('Equal', [each, zero], 'bool')), 'bool'); // prettier-ignore
  return graph.elementwise('Where', [isOrigin, zero, behind], 'float32');
}
