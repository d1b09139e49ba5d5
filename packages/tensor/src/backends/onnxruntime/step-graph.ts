import { type Attribute, elementTypes, GraphBuilder, type Operation } from '@tass/onnx';
import { CompileError } from '../../compile/compile-error';
import { nativeArray, type NativeType } from './native-value';
import type { ExecutionProvider } from './session-options';

/** What is known of a tensor while a step is recorded: everything but its values. */
export interface Symbolic {
  readonly dtype: NativeType;
  readonly shape: readonly number[];
  readonly source: Source;
}

/** Where its values come from. A mere change of shape costs nothing until it is used. */
type Source =
  | { readonly kind: 'number'; readonly value: number } // the same everywhere
  | { readonly kind: 'array'; readonly values: ArrayLike<number> } // of JavaScript
  | { readonly kind: 'node'; readonly name: string; readonly shape: readonly number[] } // reshaped where it is used
  | { readonly kind: 'broadcast'; readonly of: Symbolic }; // repeated along axes of size 1

/** Of the operations in the table, in onnxruntime 1.30. WebGPU's Slice is wrong for steps below -1. */
const lacking: Readonly<Record<ExecutionProvider, readonly string[]>> = {
  cpu: [],
  webgpu: ['FusedMatMul', 'IsNaN', 'Or', 'Sign', 'Slice by -2', 'Sum'],
};

const largestConstant = 2 ** 18; // numbers; a larger one makes the model large

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1);
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);
/** Axes counted from the front; all of them if none is given. */
export function axesOf(axis: number | readonly number[] | null | undefined, rank: number): number[] {
  const given = axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return given.map((each) => (each < 0 ? each + rank : each));
}

/** Throws RangeError for shapes that do not broadcast. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): readonly number[] {
  return shapes.reduce((together, shape) => {
    if (shape.length === 0 || sameShape(together, shape)) return together;
    const [long, short] = together.length >= shape.length ? [together, shape] : [shape, together];
    const ahead = long.length - short.length;
    return long.map((size, axis) => {
      const other = axis < ahead ? 1 : short[axis - ahead];
      if (other === 1 || other === size) return size;
      if (size === 1) return other;
      throw new RangeError(`shapes ${shapes.map((each) => `[${each.join(', ')}]`).join(' and ')} do not broadcast`);
    });
  });
}

/** The graph of a step under recording, in terms of symbolic tensors. */
export class StepGraph {
  readonly builder = new GraphBuilder();

  constructor(readonly provider: ExecutionProvider = 'cpu') {}

  /** Whether the provider computes an operation that others can be put together for; one that it lacks would go to the CPU and back. */
  has(opType: string): boolean {
    return !lacking[this.provider].includes(opType);
  }

  input(name: string, dtype: NativeType, shape: readonly number[]): Symbolic {
    return this.ofNode(this.builder.input(name, { dtype, shape: [...shape] }), dtype, shape);
  }

  number(value: number, dtype: NativeType, shape: readonly number[] = []): Symbolic {
    return { dtype, shape, source: { kind: 'number', value: castNumber(value, dtype) } };
  }

  isNaN(x: Symbolic): Symbolic {
    return this.has('IsNaN') ? this.elementwise('IsNaN', [x], 'bool') : this.not(this.elementwise('Equal', [x, x], 'bool'));
  }

  not(x: Symbolic): Symbolic {
    return this.elementwise('Not', [x], 'bool');
  }

  or(a: Symbolic, b: Symbolic): Symbolic {
    return this.has('Or') ? this.elementwise('Or', [a, b], 'bool') : this.not(this.elementwise('And', [this.not(a), this.not(b)], 'bool'));
  }

  /** float32 values with NaN replaced by another one. */
  withoutNaN(x: Symbolic, value: number): Symbolic {
    if (x.dtype !== 'float32') return x;
    return this.elementwise('Where', [this.isNaN(x), this.number(value, 'float32'), x], 'float32');
  }

  array(values: ArrayLike<number>, dtype: NativeType, shape: readonly number[]): Symbolic {
    return isUniform(values) ? this.number(values[0], dtype, shape) : { dtype, shape, source: { kind: 'array', values } };
  }

  /** 0, 1, ... of shape [count]. */
  places(count: number): Symbolic {
    const ends = (): Symbolic[] => [0, count, 1].map((value) => this.number(value, 'int32'));
    if (count > largestConstant) return this.operation('Range', ends(), 'int32', [count]);
    return { dtype: 'int32', shape: [count], source: { kind: 'array', values: Int32Array.from({ length: count }, (_, i) => i) } };
  }

  /** One output of an operation; inputs that are names are those of `builder`. */
  operation(
    opType: string,
    inputs: readonly (Symbolic | string)[],
    dtype: NativeType,
    shape: readonly number[],
    attributes?: Readonly<Record<string, Attribute>>,
    domain?: string,
  ): Symbolic {
    const names = inputs.map((input) => (typeof input === 'string' ? input : this.nameOf(input)));
    this.expectEntries(opType, [...names.map((name) => this.builder.typeOf(name).shape), shape]);
    const [name] = this.builder.node({ opType, inputs: names, outputs: [{ dtype, shape }], attributes, domain });
    return this.ofNode(name, dtype, shape);
  }

  /** An operation entry by entry: operands that broadcast are not repeated, and results of these alone stay as small as they are. */
  elementwise(
    opType: string,
    operands: readonly Symbolic[],
    dtype = operands[0].dtype,
    attributes?: Readonly<Record<string, Attribute>>,
  ): Symbolic {
    const shape = broadcastShape(...operands.map((operand) => operand.shape));
    const narrow = operands.map((operand) => this.narrowed(operand));
    const made = this.operation(opType, narrow, dtype, broadcastShape(...narrow.map((operand) => operand.shape)), attributes);
    return this.broadcast(made, shape);
  }

  cast(x: Symbolic, dtype: NativeType): Symbolic {
    if (x.dtype === dtype) return x;
    if (x.source.kind === 'number') return this.number(x.source.value, dtype, x.shape);
    return this.elementwise('Cast', [x], dtype, { to: elementTypes[dtype] });
  }

  /** The same values in another shape of the same size. */
  view(x: Symbolic, shape: readonly number[]): Symbolic {
    if (sameShape(shape, x.shape)) return x;
    const { source } = x;
    if (source.kind !== 'broadcast') return { ...x, shape };
    const inner = reshapedBroadcast(x.shape, source.of.shape, shape);
    return inner === undefined ? this.ofNode(this.nameOf(x), x.dtype, x.shape, shape) : this.broadcast(this.view(source.of, inner), shape);
  }

  /** The values repeated along axes of size 1 and new leading axes. */
  broadcast(x: Symbolic, shape: readonly number[]): Symbolic {
    if (sameShape(x.shape, shape)) return x;
    if (x.source.kind === 'number') return { ...x, shape };
    return { dtype: x.dtype, shape, source: { kind: 'broadcast', of: x.source.kind === 'broadcast' ? x.source.of : x } };
  }

  /** Undefined unless it is one number everywhere. */
  numberOf({ source }: Symbolic): number | undefined {
    return source.kind === 'number' ? source.value : undefined;
  }

  /** The name of the graph's value that has these values and this shape. */
  nameOf({ source, dtype, shape }: Symbolic): string {
    switch (source.kind) {
      case 'node':
        return sameShape(source.shape, shape) ? source.name : this.reshaped(source.name, dtype, shape);
      case 'array':
        return this.constant(source.values, dtype, shape);
      case 'number': {
        const scalar = this.constant([source.value], dtype, []);
        return shape.length === 0 ? scalar : this.expanded(scalar, dtype, shape);
      }
      case 'broadcast':
        return this.expanded(this.nameOf(source.of), dtype, shape);
    }
  }

  /** The operation that makes a value, with the shape of its output; undefined for inputs and constants. */
  makerOf({ source }: Symbolic): (Operation & { readonly shape: readonly number[] }) | undefined {
    if (source.kind !== 'node') return undefined;
    const maker = this.builder.makerOf(source.name);
    return maker && { ...maker, shape: source.shape };
  }

  /** What a value is the square of, entry by entry. */
  rootOf(x: Symbolic): Symbolic | undefined {
    const { opType, inputs: [a, b] = [] } = this.makerOf(x) ?? {};
    return opType === 'Mul' && a === b ? this.operandOf(x, a) : undefined;
  }

  /** A value and the number, known when the step runs, that gives `x` by their product. */
  factorsOf(x: Symbolic): { readonly value: Symbolic; readonly factor: Symbolic } | undefined {
    const { opType, inputs: [a, b] = [] } = this.makerOf(x) ?? {};
    if (opType !== 'Mul' || this.builder.typeOf(b).shape.length > 0) return undefined;
    const value = this.operandOf(x, a);
    return value && { value, factor: this.ofNode(b, x.dtype, []) };
  }

  /** The smallest known value that broadcasts to this one. */
  private narrowed(x: Symbolic): Symbolic {
    if (x.source.kind === 'number') return { ...x, shape: [] };
    return x.source.kind === 'broadcast' ? x.source.of : x;
  }

  /** An operand, of the same shape, of the operation that makes `x`; undefined if its shape differs. */
  private operandOf(x: Symbolic, name: string): Symbolic | undefined {
    const { shape } = this.builder.typeOf(name);
    return sameShape(shape, this.makerOf(x)!.shape) ? this.ofNode(name, x.dtype, shape, x.shape) : undefined;
  }

  /** onnxruntime's WebGPU provider ends the process at a tensor without entries. */
  private expectEntries(opType: string, shapes: readonly (readonly number[])[]): void {
    const empty = this.provider === 'webgpu' && shapes.find((shape) => sizeOf(shape) === 0);
    if (empty)
      throw new CompileError(`compile: ${opType} of a tensor of shape [${empty.join(', ')}], without entries, is impossible on WebGPU. Set engine.device=cpu`); // prettier-ignore
  }

  private ofNode(name: string, dtype: NativeType, shape: readonly number[], seenAs = shape): Symbolic {
    return { dtype, shape: seenAs, source: { kind: 'node', name, shape } };
  }

  private reshaped(name: string, dtype: NativeType, shape: readonly number[]): string {
    return this.builder.node({ opType: 'Reshape', inputs: [name, this.builder.integers(shape)], outputs: [{ dtype, shape }], attributes: { allowzero: 1 } })[0]; // prettier-ignore
  }

  private expanded(name: string, dtype: NativeType, shape: readonly number[]): string {
    return this.builder.node({ opType: 'Expand', inputs: [name, this.builder.integers(shape)], outputs: [{ dtype, shape }] })[0];
  }

  private constant(values: ArrayLike<number>, dtype: NativeType, shape: readonly number[]): string {
    if (values.length > largestConstant) {
      throw new CompileError(
        `compile: the step makes a tensor of shape [${shape.join(', ')}] from fixed values, more than a constant may hold (${largestConstant}). Pass it as an argument, or set engine.compile=off`,
      );
    }
    const typed = nativeArray(dtype, values.length);
    typed.set(values);
    return this.builder.constant({ dtype, shape }, typed);
  }
}

/** The shape by which what broadcasts from `inner` to `from` broadcasts to `to`: where only axes of size 1 come or go, or all values are one. */
function reshapedBroadcast(from: readonly number[], inner: readonly number[], to: readonly number[]): number[] | undefined {
  if (sizeOf(inner) === 1) return [];
  const wide = (shape: readonly number[]) => shape.filter((size) => size !== 1);
  if (!sameShape(wide(from), wide(to))) return undefined;
  const aligned = [...Array<number>(from.length - inner.length).fill(1), ...inner];
  const kept = aligned.filter((_, i) => from[i] !== 1);
  let at = 0;
  return to.map((size) => (size === 1 ? 1 : kept[at++]));
}

function isUniform(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false;
  return values.length > 0;
}

function castNumber(value: number, dtype: NativeType): number {
  if (dtype === 'bool') return Number(value !== 0);
  return dtype === 'int32' ? Math.trunc(value) : value;
}
