import { elementTypes, GraphBuilder } from '@tass/onnx';
import { addressFrom, loadCApi, type Pointer } from '../c-api';
import { InferenceSession, type NamedValues } from '../inference-session';
import { nativeArray, NativeValue } from '../native-value';

const [deviceAllocator, defaultMemory] = [0, 0]; // OrtDeviceAllocator, OrtMemTypeDefault
const anySize = -1;

/**
 * The GPU that onnxruntime's WebGPU provider computes on, with float32 numbers in its memory. It does one thing at a time: all sessions of
 * a process share its queue of commands, which the provider does not lock.
 */
export class WebgpuDevice {
  private queue: Promise<unknown> = Promise.resolve();
  private isRunning = false;
  private left: (() => void)[] = [];

  private constructor(
    readonly name: string,
    private readonly copying: InferenceSession,
    private readonly allocator: Pointer,
  ) {}

  /** Throws onnxruntime's message where the system has no GPU for it. */
  static async open(name: string): Promise<WebgpuDevice> {
    const graph = new GraphBuilder();
    const type = { dtype: 'float32', shape: [anySize] } as const;
    const [to] = graph.node({ opType: 'Identity', inputs: [graph.input('from', type)], outputs: [type] });
    const copying = await InferenceSession.create(graph.encode({ to }).bytes, { threads: 1, provider: 'webgpu' });
    const memory = addressFrom((place) => loadCApi().CreateMemoryInfo('WebGPU_Buffer', deviceAllocator, 0, defaultMemory, place));
    return new WebgpuDevice(name, copying, copying.createAllocator(memory));
  }

  /** Room for `length` float32 numbers in the GPU's memory. */
  allocate(length: number): Pointer {
    this.expectIdle();
    const shape = BigInt64Array.of(BigInt(length));
    return addressFrom((place) => loadCApi().CreateTensorAsOrtValue(this.allocator, shape, 1, elementTypes.float32, place));
  }

  /** Copies between the GPU's memory and that of JavaScript, in either direction. */
  copy(from: { readonly pointer: Pointer }, to: { readonly pointer: Pointer }): void {
    this.expectIdle();
    this.copying.runNow(new Map([['from', from]]), new Map([['to', to]]));
  }

  /** Does `work`, with or without runs, when all that was given before has ended. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const made = this.queue.then(work);
    this.queue = made.catch(() => undefined);
    return made;
  }

  /** To be called in turn. Throws onnxruntime's message with what it means. */
  async run(session: InferenceSession, inputs: NamedValues, outputs: NamedValues): Promise<void> {
    this.isRunning = true;
    try {
      await session.run(inputs, outputs);
    } catch (error) {
      throw explained(error as Error, this.name);
    } finally {
      this.isRunning = false;
      this.left.splice(0).forEach((release) => release());
    }
  }

  /** Frees something of the GPU's at once or, while a run is under way, after it. */
  release(free: () => void): void {
    if (this.isRunning) this.left.push(free);
    else free();
  }

  private expectIdle(): void {
    if (this.isRunning)
      throw new Error(`onnxruntime on ${this.name}: parameters are read or written while a step runs. Await the step before`);
  }
}

/** float32 numbers in the GPU's memory. To be disposed. */
export class WebgpuNumbers {
  readonly pointer: Pointer;

  /** Zeros. */
  constructor(
    private readonly device: WebgpuDevice,
    private readonly length: number,
  ) {
    this.pointer = device.allocate(length);
    this.write(new Float32Array(length));
  }

  /** A copy. */
  read(): Float32Array {
    const { data, value } = this.hostValue();
    try {
      this.device.copy(this, value);
      return data;
    } finally {
      value.dispose();
    }
  }

  write(values: Float32Array): void {
    const { data, value } = this.hostValue();
    try {
      data.set(values);
      this.device.copy(value, this);
    } finally {
      value.dispose();
    }
  }

  dispose(): void {
    this.device.release(() => loadCApi().ReleaseValue(this.pointer));
  }

  private hostValue(): { data: Float32Array; value: NativeValue } {
    const data = nativeArray('float32', this.length) as Float32Array;
    return { data, value: new NativeValue(data, 'float32', [this.length]) };
  }
}

/** An error of a run, with what is likely to be its cause and what to do. */
function explained({ message }: Error, name: string): Error {
  const isFull = /Invalid Buffer|OUT_OF_\w*MEMORY|Failed to create GPU buffer/i.test(message);
  const isLost = /device.*lost|DEVICE_LOST|Failed to (wait|download)/i.test(message);
  const cause = isFull ? 'its memory is full, or a tensor is larger than it takes. Use smaller batches' : isLost ? 'it was lost: its driver ended or restarted, or another process has it' : 'it refused the step'; // prettier-ignore
  return new Error(`${name}: ${cause}, or compute with engine.device=cpu. ${message.replaceAll('\n', ' ').trim()}`);
}
