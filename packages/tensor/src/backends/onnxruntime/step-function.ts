import { expectSameLog } from '../../compile/expect-same-log';
import type { NamedTensors, RecordedStep, StepFunction } from '../../compile/step-function';
import type * as tf from '../../tf';
import { HeldTensors, typeOf } from './held-tensors';
import { InferenceSession } from './inference-session';
import { copyOf, NativeValue } from './native-value';
import { argumentName, Recording } from './recording';
import { sizeOf } from './step-graph';

/** Runs of steps that write variables follow each other in the order of their calls. */
let lastWriter: Promise<unknown> = Promise.resolve();

/** A step as one model of onnxruntime, for one combination of shapes. */
export class OnnxruntimeStep implements StepFunction {
  private readonly recording: Recording;
  private readonly log: readonly string[];
  private readonly needed: ReadonlySet<string>;
  private readonly session: Promise<InferenceSession>;

  /** Throws CompileError where the step cannot be recorded. */
  constructor(recorded: RecordedStep, threads: number) {
    this.recording = new Recording(recorded);
    const { graph, outputs } = this.recording;
    this.log = graph.builder.describe(outputs);
    this.needed = new Set(graph.builder.inputsOf(outputs));
    this.session = InferenceSession.create(graph.builder.encode(outputs), threads);
    this.session.catch(() => undefined); // thrown where it is awaited
  }

  call(args: ReadonlyMap<string, tf.Tensor>): Promise<NamedTensors> {
    const given = this.given(args); // before anything is awaited: the caller may dispose its tensors at once
    if (this.recording.writes.size === 0) return this.run(given);
    const running = lastWriter.then(() => this.run(given));
    lastWriter = running.catch(() => undefined);
    return running;
  }

  expectSame(recorded: RecordedStep): void {
    const { graph, outputs } = new Recording(recorded);
    expectSameLog(this.log, graph.builder.describe(outputs));
  }

  dispose(): void {
    void this.session.then((session) => session.dispose(), () => undefined); // prettier-ignore
  }

  private async run(given: readonly Given[]): Promise<NamedTensors> {
    const { results, reads, writes } = this.recording;
    const held = HeldTensors.get();
    const made = [...results].map(([name, { dtype, shape }]) => ({
      name,
      value: new NativeValue(held.room(dtype, sizeOf(shape)), dtype, shape),
    }));
    try {
      const session = await this.session;
      const inputs = new Map(given.map(({ name, value }) => [name, value]));
      for (const [name, variable] of reads) if (this.needed.has(name)) inputs.set(name, variable.current);
      const outputs = new Map(made.map(({ name, value }) => [`result ${name}`, value]));
      for (const [name, variable] of writes) outputs.set(name, variable.next);
      await session.run(inputs, outputs);
      writes.forEach((variable) => variable.advance());
      return Object.fromEntries(made.map(({ name, value: { data, shape, dtype } }) => [name, held.tensorOf(data, dtype, shape)]));
    } finally {
      made.forEach(({ value }) => value.dispose());
      given.forEach(({ value, release }) => (value.dispose(), release()));
    }
  }

  private given(args: ReadonlyMap<string, tf.Tensor>): Given[] {
    const ofArguments = [...args].filter(([name]) => this.needed.has(argumentName(name)));
    const ofHosts = [...this.recording.hosts].filter(([name]) => this.needed.has(name));
    return [
      ...ofArguments.map(([name, tensor]) => ({ name: argumentName(name), ...inUse(tensor) })),
      ...ofHosts.map(([name, { make, shape }]) => {
        const values = make();
        return { name, value: copyOf(typeof values === 'number' ? [values] : values, 'float32', shape), release: () => undefined };
      }),
    ];
  }
}

/** What a run reads, until `release` is called. */
interface Given {
  readonly name: string;
  readonly value: NativeValue;
  readonly release: () => void;
}

function inUse(tensor: tf.Tensor): Omit<Given, 'name'> {
  const type = typeOf(tensor);
  const { values, release } = HeldTensors.get().use(tensor);
  return { value: new NativeValue(values, type, tensor.shape), release };
}
