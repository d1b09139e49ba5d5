import type { Encoded } from '@tass/onnx';
import { CompileError } from '../../compile/compile-error';
import { expectSameLog } from '../../compile/expect-same-log';
import type { NamedTensors, RecordedStep, StepFunction } from '../../compile/step-function';
import type * as tf from '../../tf';
import { HeldTensors, typeOf } from './held-tensors';
import type { Pointer } from './c-api';
import { InferenceSession } from './inference-session';
import { copyOf, NativeValue } from './native-value';
import type { InstalledOnnxruntime } from './install';
import { argumentName, type HostInput, Recording } from './recording';
import { sizeOf } from './step-graph';

/** Runs of steps with variables follow each other in the order of their calls. */
let lastWithVariables: Promise<unknown> = Promise.resolve();

/** A step as one model of onnxruntime, for one combination of shapes. */
export class OnnxruntimeStep implements StepFunction {
  private readonly recording: Recording;
  private readonly model: Encoded;
  private readonly needed: ReadonlySet<string>;
  private readonly session: Promise<InferenceSession>;
  private underWay: Promise<unknown> = Promise.resolve();

  /** Throws CompileError where the step cannot be recorded. */
  constructor(
    recorded: RecordedStep,
    private readonly engine: InstalledOnnxruntime,
  ) {
    this.recording = new Recording(recorded, engine.device);
    const { graph, outputs } = this.recording;
    this.model = graph.builder.encode(outputs);
    const { bytes, inputs, readHalves } = this.model;
    this.needed = new Set(inputs);
    const { threads, device } = engine;
    const create = () => InferenceSession.create(bytes, { threads, provider: graph.provider, onCpu: readHalves }); // a GPU may have no halves
    this.session = (device ? device.inTurn(create) : create()).catch((error: Error) => {
      throw new CompileError(`compile: ${error.message}. Put the step together from other operations, or set engine.compile=off`);
    });
    this.session.catch(() => undefined); // thrown where it is awaited
  }

  call(args: ReadonlyMap<string, tf.Tensor>): Promise<NamedTensors> {
    const given = this.given(args); // before anything is awaited: the caller may dispose its tensors at once
    const hasVariables = this.recording.reads.size > 0; // every variable written is also read
    const { device } = this.engine;
    const run = () => this.run(given);
    const running = device ? device.inTurn(run) : hasVariables ? lastWithVariables.then(run) : run();
    if (hasVariables) lastWithVariables = running.catch(() => undefined);
    this.underWay = Promise.allSettled([this.underWay, running]);
    return running;
  }

  async placement(): Promise<string | undefined> {
    const { device } = this.engine;
    if (device === undefined) return undefined;
    const left = [...(await this.session).operationsOnCpu()].filter(([name]) => !this.model.readHalves.includes(name));
    const counts = new Map<string, number>();
    for (const [, opType] of left) counts.set(opType, (counts.get(opType) ?? 0) + 1);
    const words = [...counts].map(([opType, count]) => `${opType} ${count}`).join(', ');
    return words === ''
      ? undefined
      : `${left.length} of ${this.model.nodes} operations go to the CPU, as ${device.name} lacks them: ${words}`;
  }

  expectSame(recorded: RecordedStep): void {
    const [before, after] = [this.recording, new Recording(recorded, this.engine.device)].map(({ graph, outputs }) =>
      graph.builder.describe(outputs),
    );
    expectSameLog(before, after);
  }

  /** Ends when the runs under way have ended. */
  dispose(): void {
    const { device } = this.engine;
    const end = async (): Promise<void> => {
      const session = await this.session;
      if (device) return device.release(() => session.dispose());
      session.dispose();
    };
    void this.underWay.then(end).catch(() => undefined); // a session that could not be made has reported that to its runs
  }

  private async run(given: readonly Given[]): Promise<NamedTensors> {
    const { results, reads, writes } = this.recording;
    const held = HeldTensors.get();
    const made = new Map<string, NativeValue>();
    try {
      const session = await this.session;
      const inputs: Map<string, { pointer: Pointer }> = new Map(given.map(({ name, value }) => [name, value]));
      for (const [name, variable] of reads) if (this.needed.has(name)) inputs.set(name, variable.current);
      for (const [name, { dtype, shape }] of results) made.set(name, new NativeValue(held.allocate(dtype, sizeOf(shape)), dtype, shape));
      const outputs: Map<string, { pointer: Pointer }> = new Map([...made].map(([name, value]) => [`result ${name}`, value]));
      for (const [name, variable] of writes) outputs.set(name, variable.next);
      await (this.engine.device?.run(session, inputs, outputs) ?? session.run(inputs, outputs));
      writes.forEach((variable) => variable.advance());
      return Object.fromEntries([...made].map(([name, { data, shape, dtype }]) => [name, held.tensorOf(data, dtype, shape)]));
    } finally {
      made.forEach((value) => value.dispose());
      release(given);
    }
  }

  private given(args: ReadonlyMap<string, tf.Tensor>): Given[] {
    const given: Given[] = [];
    try {
      for (const [name, tensor] of args) if (this.needed.has(argumentName(name))) given.push(inUse(argumentName(name), tensor));
      for (const [name, input] of this.recording.hosts) if (this.needed.has(name)) given.push(madeByHost(name, input));
      return given;
    } catch (error) {
      release(given);
      throw error;
    }
  }
}

/** What a run reads, until `release` is called. */
interface Given {
  readonly name: string;
  readonly value: NativeValue;
  readonly release: () => void;
}

/** A tensor's values: held ones directly, others as a copy. */
function inUse(name: string, tensor: tf.Tensor): Given {
  const type = typeOf(tensor);
  const { values, release } = HeldTensors.get().use(tensor);
  return { name, value: new NativeValue(values, type, tensor.shape), release };
}

function madeByHost(name: string, { make, shape }: HostInput): Given {
  const made = make();
  const values = typeof made === 'number' ? [made] : made;
  if (values.length !== sizeOf(shape))
    throw new RangeError(`hostTensor: ${values.length} numbers were made, expected ${sizeOf(shape)} for shape [${shape.join(', ')}]`);
  return { name, value: copyOf(values, 'float32', shape), release: () => undefined };
}

function release(given: readonly Given[]): void {
  for (const { value, release } of given) {
    value.dispose();
    release();
  }
}
