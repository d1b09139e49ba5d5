import type { TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { Binding, BindingObserver, Data } from '../backends/tensorflow/binding';
import { constants } from '../backends/tensorflow/constants';
import { type Source, constant, operation, placeholder } from '../backends/tensorflow/graph-def';
import type { TensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import * as tf from '../tf';
import { feedingHostTensors } from './host-tensor';

/** What a placeholder of the graph stands for. */
export type Input =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'host'; readonly make: () => number | Float32Array; readonly shape: readonly number[] }
  | { readonly kind: 'variable'; readonly id: number };

export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** A step as a graph: what its operations were, and which tensors came from where. */
export interface Recording {
  readonly nodes: readonly Buffer[]; // in the order in which they ran
  readonly inputs: readonly Input[]; // placeholder n is named `i<n>`
  readonly outputs: ReadonlyMap<string, Source>;
  readonly effects: readonly string[]; // nodes that change variables
}

/** A step that cannot be recorded, with what to do about it. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

const largestConstant = 2 ** 20; // bytes; a larger one makes building and every call slow

/**
 * Runs `step` once and writes down each operation. What the step does to variables is undone afterwards, and its outputs are disposed, so
 * that nothing remains of this run. Throws CompileError where the step reads a tensor's values, or takes a tensor that is none of its arguments.
 */
export function record(backend: TensorFlowBackend, step: () => NamedTensors, args: ReadonlyMap<string, tf.Tensor>): Recording {
  const { binding } = backend;
  const idOf = (tensor: tf.Tensor): number => backend.getInputTensorIds([tensor])[0];
  const recorder = new Recorder(binding);
  for (const [name, tensor] of args) recorder.input(idOf(tensor), { kind: 'argument', name });
  const feed = (tensor: tf.Tensor, make: () => number | Float32Array): void =>
    recorder.feed(() => idOf(tensor), { kind: 'host', make, shape: tensor.shape });
  const stepAndIds = (): [string, number][] => Object.entries(feedingHostTensors(feed, step)).map(([name, tensor]) => [name, idOf(tensor)]);
  tf.engine().startScope();
  try {
    const ids = binding.observed(recorder, stepAndIds);
    const outputs = new Map(ids.map(([name, id]) => [name, recorder.sourceOf(id)]));
    return { nodes: recorder.nodes, inputs: recorder.inputs, effects: recorder.effects, outputs };
  } finally {
    tf.engine().endScope();
    recorder.restoreVariables();
  }
}

/** Where two recordings differ, in the words of the second one; undefined where they are the same. */
export function firstDifference(a: Recording, b: Recording): string | undefined {
  const count = Math.max(a.nodes.length, b.nodes.length);
  for (let at = 0; at < count; at++) {
    const [before, after] = [a.nodes[at], b.nodes[at]];
    if (!before || !after || !before.equals(after)) return `operation ${at + 1} of ${count}: ${readable(after ?? before)}`;
  }
  const others = ({ inputs, outputs, effects }: Recording): string => JSON.stringify([inputs, [...outputs], effects]);
  return others(a) === others(b) ? undefined : 'its inputs or outputs';
}

class Recorder implements BindingObserver {
  readonly nodes: Buffer[] = [];
  readonly inputs: Input[] = [];
  readonly effects: string[] = [];
  private readonly sources = new Map<number, Source>();
  private readonly uses = new Map<number, { writer?: string; readers: string[] }>(); // of each variable
  private readonly saved = new Map<number, number>(); // variable -> its value before the step
  private fed: Input | undefined;

  constructor(private readonly binding: Binding) {}

  input(id: number, input: Input): Source {
    const known = this.sources.get(id);
    if (known !== undefined) return known;
    const name = `i${this.inputs.push(input) - 1}`;
    const { dtype, shape } = this.binding.describe(id);
    this.nodes.push(placeholder(name, dtype, shape));
    this.sources.set(id, name);
    return name;
  }

  /** While `upload` runs, the tensor made is one that the host makes anew at every call. */
  feed(upload: () => void, input: Input): void {
    this.fed = input;
    try {
      upload();
    } finally {
      this.fed = undefined;
    }
  }

  sourceOf(id: number): Source {
    const source = this.sources.get(id);
    if (source !== undefined) return source;
    const { dtype, shape } = this.binding.describe(id);
    if (dtype === constants.TF_RESOURCE) return this.input(id, { kind: 'variable', id });
    throw new CompileError(
      `compile: the step uses a tensor of shape [${shape.join(', ')}] that is neither made in it nor one of its arguments. Pass it as an argument`,
    );
  }

  created(id: number, dtype: number, shape: readonly number[], values: Data): void {
    if (this.fed !== undefined) {
      this.input(id, this.fed);
      return;
    }
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const node = constant(this.nameNext(), dtype, shape, values as unknown as ArrayLike<number>, bytes);
    if (node.length > largestConstant) {
      throw new CompileError(
        `compile: the step makes a tensor of shape [${shape.join(', ')}] from values of JavaScript, too large for a constant. Pass it as an argument`,
      );
    }
    this.sources.set(id, this.nameNext());
    this.nodes.push(node);
  }

  reading(id: number): void {
    const { shape } = this.binding.describe(id);
    throw new CompileError(
      `compile: the step reads the values of a tensor of shape [${shape.join(', ')}] (dataSync, or a condition on it). Return the tensor instead, or set engine.compile=off`,
    );
  }

  executing(operationName: string, inputIds: readonly number[]): void {
    if (operationName === 'VarHandleOp') throw new CompileError('compile: the step makes a variable. Make it before the step');
    if (operationName === 'ReadVariableOp') return;
    for (const id of inputIds) {
      if (this.isVariable(id) && !this.saved.has(id)) this.saved.set(id, this.read(id));
    }
  }

  executed(operationName: string, inputIds: readonly number[], outputs: readonly TensorMetadata[], attributes: readonly Buffer[]): void {
    const sources = inputIds.map((id) => this.sourceOf(id));
    const name = this.nameNext();
    const after = new Set<string>();
    const variables = inputIds.filter((id) => this.isVariable(id));
    for (const id of variables) {
      const use = this.uses.get(id) ?? { readers: [] };
      if (use.writer !== undefined) after.add(use.writer);
      if (operationName === 'ReadVariableOp') use.readers.push(name);
      else {
        use.readers.forEach((reader) => after.add(reader));
        use.writer = name;
        use.readers = [];
      }
      this.uses.set(id, use);
    }
    if (variables.length > 0 && operationName !== 'ReadVariableOp') this.effects.push(name);
    this.nodes.push(operation(name, operationName, sources, [...after], attributes));
    outputs.forEach(({ id }, index) => this.sources.set(id, index === 0 ? name : `${name}:${index}`));
  }

  restoreVariables(): void {
    for (const [variable, value] of this.saved) {
      this.binding.executeOp('AssignVariableOp', [variableType], [variable, value], 0);
      this.binding.deleteTensor(value);
    }
  }

  private nameNext(): string {
    return `n${this.nodes.length}`;
  }

  private isVariable(id: number): boolean {
    return this.binding.describe(id).dtype === constants.TF_RESOURCE;
  }

  private read(variable: number): number {
    return this.binding.executeOp('ReadVariableOp', [variableType], [variable], 1)[0].id;
  }
}

const variableType = { name: 'dtype', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT };

function readable(node: Buffer): string {
  return node
    .subarray(0, 200)
    .toString('latin1')
    .replace(/[^ -~]+/g, ' ')
    .trim();
}
