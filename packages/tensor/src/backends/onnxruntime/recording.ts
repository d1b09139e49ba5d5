import type { Tensor } from '@tensorflow/tfjs';
import { CompileError } from '../../compile/compile-error';
import { recordingContext } from '../../compile/recording-context';
import type { NamedTensors, RecordedStep } from '../../compile/step-function';
import { withParameters } from '../../module';
import { typeOf } from './held-tensors';
import { slice } from './kernels/arrangement';
import type { NativeType } from './native-value';
import { Recorder } from './recorder';
import { sizeOf, StepGraph, type Symbolic } from './step-graph';
import type { Variable } from './variable';
import type { WebgpuDevice } from './webgpu/webgpu-device';

/** Numbers that JavaScript gives at every call. */
export interface HostInput {
  readonly make: () => number | Float32Array;
  readonly shape: readonly number[];
}

let current: Recording | undefined;

export const argumentName = (name: string): string => `argument ${name}`;

/** A step as a graph: what it reads, returns and writes, by the names in the graph. */
export class Recording {
  readonly graph: StepGraph;
  readonly hosts = new Map<string, HostInput>();
  readonly results: ReadonlyMap<string, Symbolic>; // by the step's own names
  private readonly read = new Map<Variable, { readonly name: string; readonly value: Symbolic }>();
  private readonly written = new Map<Variable, Symbolic>();

  /** Throws CompileError where the step cannot be recorded, and what the step throws. */
  constructor(
    { step, inputs, args }: RecordedStep,
    private readonly device?: WebgpuDevice, // that it will be computed on; otherwise on the CPU
  ) {
    this.graph = new StepGraph(device ? 'webgpu' : 'cpu');
    const recorder = Recorder.get();
    this.results = during(this, () =>
      recorder.during(this.graph, () => {
        const traced = new Map([...args].map(([name, tensor]) => [name, recorder.tensorOf(this.argument(name, tensor))]));
        const feed = (tensor: Tensor, make: HostInput['make']) => recorder.replace(tensor, this.host({ make, shape: tensor.shape }));
        const outputs: NamedTensors = recordingContext.during({ feed }, () => step(withParameters(inputs, traced)));
        return new Map(Object.entries(outputs).map(([name, tensor]) => [name, recorder.symbolOf(tensor)]));
      }),
    );
  }

  /** The present recording; undefined if there is none. */
  static get current(): Recording | undefined {
    return current;
  }

  valueOf(variable: Variable): Symbolic {
    const { whole, offset } = variable.partOf ?? { whole: variable, offset: 0 };
    const written = this.written.get(whole);
    const isView = written === undefined && variable.device === undefined; // of JavaScript's memory: a part of a GPU's has no address
    if (isView || variable === whole) return written ?? this.reading(variable).value;
    const size = sizeOf(variable.shape);
    return this.graph.view(slice(this.graph, written ?? this.reading(whole).value, [offset], [offset + size], [1], [size]), variable.shape);
  }

  /** The variable must not be a part of another. */
  write(variable: Variable, value: Symbolic): void {
    this.reading(variable); // so that variables are known in the order of the step
    this.written.set(variable, value);
  }

  /** Names in the graph of all that the step returns and writes. */
  get outputs(): Readonly<Record<string, string>> {
    const named = [...this.results].map(([name, value]) => [`result ${name}`, value] as const);
    const writes = [...this.written].map(([variable, value]) => [`new ${this.reading(variable).name}`, value] as const);
    return Object.fromEntries([...named, ...writes].map(([name, value]) => [name, this.graph.nameOf(value)]));
  }

  get reads(): ReadonlyMap<string, Variable> {
    return new Map([...this.read].map(([variable, { name }]) => [name, variable]));
  }

  get writes(): ReadonlyMap<string, Variable> {
    return new Map([...this.written.keys()].map((variable) => [`new ${this.reading(variable).name}`, variable]));
  }

  private argument(name: string, tensor: Tensor): Symbolic {
    return this.graph.cast(this.graph.input(argumentName(name), typeOf(tensor), tensor.shape), tensor.dtype as NativeType);
  }

  private host(input: HostInput): Symbolic {
    const name = `host ${this.hosts.size}`;
    this.hosts.set(name, input);
    return this.graph.input(name, 'float32', input.shape);
  }

  private reading(variable: Variable): { name: string; value: Symbolic } {
    const known = this.read.get(variable);
    if (known !== undefined) return known;
    if (variable.device !== this.device) throw new CompileError(`compile: the step runs on ${nameOf(this.device)}, a parameter is on ${nameOf(variable.device)}. Make parameters after the engine is chosen`); // prettier-ignore
    const name = `variable ${this.read.size}`;
    const made = { name, value: this.graph.input(name, 'float32', variable.shape) };
    this.read.set(variable, made);
    return made;
  }
}

const nameOf = (device?: WebgpuDevice): string => device?.name ?? 'the CPU';

function during<Result>(recording: Recording, work: () => Result): Result {
  current = recording;
  try {
    return work();
  } finally {
    current = undefined;
  }
}
