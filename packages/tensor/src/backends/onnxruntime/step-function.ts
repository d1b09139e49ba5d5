import type { TypedArray } from '@tensorflow/tfjs-core';
import { expectSameLog } from '../../compile/expect-same-log';
import type { NamedTensors, RecordedStep, StepFunction } from '../../compile/step-function';
import * as tf from '../../tf';
import { InferenceSession } from './inference-session';
import { copyOf, nativeArray, type NativeType, NativeValue } from './native-value';
import { Recording } from './recording';
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

  private async run(given: Map<string, NativeValue>): Promise<NamedTensors> {
    const session = await this.session;
    const { results, reads, writes } = this.recording;
    const made = new Map(
      [...results].map(([name, { dtype, shape }]) => [name, new NativeValue(nativeArray(dtype, sizeOf(shape)), dtype, shape)]),
    );
    try {
      const inputs = new Map(given);
      for (const [name, variable] of reads) if (this.needed.has(name)) inputs.set(name, variable.current);
      const outputs = new Map([...made].map(([name, value]) => [`result ${name}`, value]));
      for (const [name, variable] of writes) outputs.set(name, variable.next);
      await session.run(inputs, outputs);
      writes.forEach((variable) => variable.advance());
      return Object.fromEntries([...made].map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]));
    } finally {
      [...given.values(), ...made.values()].forEach((value) => value.dispose());
    }
  }

  private given(args: ReadonlyMap<string, tf.Tensor>): Map<string, NativeValue> {
    const given = new Map<string, NativeValue>();
    for (const [name, tensor] of args) if (this.needed.has(`argument ${name}`)) given.set(`argument ${name}`, valueOf(tensor));
    for (const [name, { make, shape }] of this.recording.hosts) {
      if (!this.needed.has(name)) continue;
      const values = make();
      given.set(name, copyOf(typeof values === 'number' ? [values] : values, 'float32', shape));
    }
    return given;
  }
}

function valueOf(tensor: tf.Tensor): NativeValue {
  const data = tensor.dataSync() as TypedArray as Float32Array;
  const dtype = tensor.dtype as NativeType;
  return data.byteLength > 64 ? new NativeValue(data, dtype, tensor.shape) : copyOf(data, dtype, tensor.shape);
}
