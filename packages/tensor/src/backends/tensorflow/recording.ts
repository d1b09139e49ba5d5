import { createHash } from 'node:crypto';
import type { TensorMetadata, TFEOpAttr } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { Binding, Data, Tracer } from './binding';
import type { GraphOutput, Pointer } from './c-api';
import { constants } from './constants';
import type { Graph } from './graph';
import { CompileError } from '../../compile/compile-error';

/** What is given to the graph when it runs, in its order. */
export type Input =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'host'; readonly make: () => number | Float32Array; readonly shape: readonly number[] }
  | { readonly kind: 'variable'; readonly id: number };

/** A node of the graph, and what later nodes need to know about it. */
interface Value {
  readonly output: GraphOutput;
  readonly label: string; // in the log
  readonly dtype: number;
  readonly shape: readonly number[]; // a resource has none
}

const largestConstant = 2 ** 20; // bytes; a larger one makes every call slow
const variableType = { name: 'dtype', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT };

/**
 * Puts the operations of a step into a graph instead of running them, so that variables stay as they are. Shapes are known, values are not.
 * `log` is the step, line by line: two recordings with the same log are the same function.
 */
export class Recording implements Tracer {
  readonly log: string[] = [];
  readonly inputs: Input[] = [];
  private readonly given: GraphOutput[] = []; // placeholders of `inputs`
  private readonly effects: Pointer[] = []; // operations that change variables
  private readonly values = new Map<number, Value>();
  private readonly uses = new Map<number, { writer?: Pointer; readers: Pointer[] }>(); // of each variable
  private fed: Input | undefined;

  constructor(
    private readonly binding: Binding,
    private readonly graph: Graph,
  ) {}

  input(id: number, input: Input, { shape, dtype } = this.binding.describe(id)): Value {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const output = this.graph.placeholder(dtype, shape);
    this.inputs.push(input);
    this.given.push(output);
    return this.add(id, { output, dtype, shape }, `${JSON.stringify(input)} ${dtype} [${shape.join()}]`);
  }

  /** A tensor made while `upload` runs is one that the host makes again at every call. */
  feed(upload: () => void, input: Input): void {
    this.fed = input;
    try {
      upload();
    } finally {
      this.fed = undefined;
    }
  }

  createTensor(id: number, dtype: number, shape: readonly number[], values: Data): void {
    if (this.fed !== undefined) {
      this.input(id, this.fed, { shape: [...shape], dtype });
      return;
    }
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const output = bytes.length > 64 && isUniform(values) ? this.filled(dtype, shape, bytes) : this.constant(dtype, shape, bytes);
    this.add(id, { output, dtype, shape: [...shape] }, `constant ${dtype} [${shape.join()}] ${digestOf(bytes)}`);
  }

  read(id: number): void {
    const { shape } = this.describe(id);
    throw new CompileError(
      `compile: the step reads the values of a tensor of shape [${shape.join(', ')}] (dataSync, or a condition on it). Return the tensor instead, or set engine.compile=off`,
    );
  }

  executeOp(kind: string, attributes: readonly TFEOpAttr[], inputIds: readonly number[], outputCount: number): TensorMetadata[] {
    if (kind === 'VarHandleOp') throw new CompileError('compile: the step makes a variable. Make it before the step');
    const inputs = inputIds.map((id) => this.valueOf(id));
    const variables = inputIds.filter((id) => this.valueOf(id).dtype === constants.TF_RESOURCE);
    const outputs = this.graph.operation(kind, attributes, inputs.map(({ output }) => output), this.orderOf(kind, variables), outputCount); // prettier-ignore
    if (variables.length > 0) this.noteUse(kind, variables, outputs[0]?.oper ?? this.graph.lastOperation);
    if (kind === 'ReadVariableOp') this.graph.setShape(outputs[0], this.shapeOfVariable(inputIds[0]));
    const label = `${kind} ${inputs.map(({ label }) => label.split(' ')[0]).join()} ${JSON.stringify(attributes)}`;
    if (outputCount === 0) this.log.push(label);
    return outputs.map((output, index) => {
      const shape = this.graph.shapeOf(output);
      if (shape === undefined)
        throw new CompileError(
          `compile: the shape of what ${kind} gives depends on values. Give it fixed shapes, or set engine.compile=off`,
        );
      const id = this.binding.nextTracedId();
      const dtype = this.graph.dtypeOf(output);
      this.add(id, { output, dtype, shape }, `${label} output ${index}`);
      return { id, shape: [...shape], dtype };
    });
  }

  /** The function that the recorded operations make, its outputs those tensors. */
  toFunction(name: string, outputIds: readonly number[]): Pointer {
    const outputs = outputIds.map((id) => this.valueOf(id).output);
    return this.graph.toFunction(name, this.given, outputs, this.effects);
  }

  labelOf(id: number): string {
    return this.valueOf(id).label;
  }

  private valueOf(id: number): Value {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const { dtype, shape } = this.describe(id);
    if (dtype === constants.TF_RESOURCE) return this.input(id, { kind: 'variable', id });
    throw new CompileError(
      `compile: the step uses a tensor of shape [${shape.join(', ')}] that is neither made in it nor one of its arguments. Pass it as an argument`,
    );
  }

  private describe(id: number): Pick<Value, 'shape' | 'dtype'> {
    return this.values.get(id) ?? this.binding.describe(id);
  }

  /** Labels begin with the number of the value, by which later lines name it. */
  private add(id: number, node: Omit<Value, 'label'>, what: string): Value {
    const value = { ...node, label: `%${this.values.size} ${what}` };
    this.values.set(id, value);
    this.log.push(value.label);
    return value;
  }

  /** The operations that must run before this one, so that each variable is read and written in the order of the step. */
  private orderOf(kind: string, variables: readonly number[]): Pointer[] {
    return variables.flatMap((id) => {
      const { writer, readers = [] } = this.uses.get(id) ?? {};
      return [...(writer === undefined ? [] : [writer]), ...(kind === 'ReadVariableOp' ? [] : readers)];
    });
  }

  private noteUse(kind: string, variables: readonly number[], operation: Pointer): void {
    for (const id of variables) {
      const { writer, readers = [] } = this.uses.get(id) ?? {};
      if (kind === 'ReadVariableOp') this.uses.set(id, { writer, readers: [...readers, operation] });
      else this.uses.set(id, { writer: operation, readers: [] });
    }
    if (kind !== 'ReadVariableOp') this.effects.push(operation);
  }

  private shapeOfVariable(id: number): number[] {
    return this.binding.untraced(() => {
      const [{ id: value, shape }] = this.binding.executeOp('ReadVariableOp', [variableType], [id], 1);
      this.binding.deleteTensor(value);
      return shape;
    });
  }

  private constant(dtype: number, shape: readonly number[], bytes: Uint8Array): GraphOutput {
    if (bytes.length > largestConstant) {
      throw new CompileError(
        `compile: the step makes a tensor of shape [${shape.join(', ')}] from fixed values, more than a constant may hold (${largestConstant} bytes). Pass it as an argument, or set engine.compile=off`,
      );
    }
    return this.graph.constant(dtype, shape, bytes);
  }

  /** A constant of one value, such as the ones and zeros of gradients, is kept once. */
  private filled(dtype: number, shape: readonly number[], bytes: Uint8Array): GraphOutput {
    const count = shape.reduce((product, size) => product * size, 1);
    const sizes = Int32Array.from(shape);
    const dims = this.graph.constant(constants.TF_INT32, [shape.length], new Uint8Array(sizes.buffer));
    const value = this.graph.constant(dtype, [], bytes.slice(0, bytes.length / count));
    const types = [
      { name: 'T', type: constants.TF_ATTR_TYPE, value: dtype },
      { name: 'index_type', type: constants.TF_ATTR_TYPE, value: constants.TF_INT32 },
    ];
    return this.graph.operation('Fill', types, [dims, value], [], 1)[0];
  }
}

/** A short constant is its own digest. */
function digestOf(bytes: Uint8Array): string {
  return bytes.length <= 32 ? Buffer.from(bytes).toString('hex') : createHash('sha1').update(bytes).digest('hex');
}

function isUniform(values: Data): boolean {
  return values.every((value: number | bigint) => Object.is(value, values[0]));
}
