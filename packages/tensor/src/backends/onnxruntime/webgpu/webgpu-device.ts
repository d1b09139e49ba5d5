import { alsoOnGpu, elementTypes, GraphBuilder } from '@tass/onnx';
import { addressFrom, loadCApi, type Pointer } from '../c-api';
import { InferenceSession, type NamedValues } from '../inference-session';

const [deviceAllocator, defaultMemory] = [0, 0]; // OrtDeviceAllocator, OrtMemTypeDefault
const anySize = -1;

/**
 * The GPU that onnxruntime's WebGPU provider computes on, with float32 numbers in its memory. It does one thing at a time: all sessions of
 * a process share its queue of commands, which the provider does not lock.
 */
export class WebgpuDevice {
  private queue: Promise<unknown> = Promise.resolve();
  private isRunning = false;

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
    const copying = await InferenceSession.create(graph.encode({ to }).bytes, { threads: 1, provider: 'webgpu' }).catch(
      ({ message }: Error) => {
        throw new Error(/Failed to get a WebGPU .*/.exec(message)?.[0] ?? message); // without the place in onnxruntime's code
      },
    );
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
    try {
      this.copying.runNow(new Map([['from', from]]), new Map([['to', to]]));
    } catch (error) {
      throw explained(error as Error, this.name);
    }
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
    }
  }

  /** Frees something of the GPU's when all runs that were given before have ended. */
  release(free: () => void): void {
    void this.inTurn(async () => free());
  }

  private expectIdle(): void {
    if (this.isRunning)
      throw new Error(`onnxruntime on ${this.name}: parameters are read or written while a step runs. Await the step before`);
  }
}

/** An error of onnxruntime's, with what is likely to be its cause and what to do. */
function explained({ message }: Error, name: string): Error {
  const [, cause] = causes.find(([pattern]) => pattern.test(message))!;
  return new Error(`${name}: ${cause}. onnxruntime says: ${message.replaceAll('\n', ' ').trim()}${alsoOnGpu()}`);
}

const causes: readonly (readonly [RegExp, string])[] = [
  [
    /Invalid Buffer|OUT_OF_\w*MEMORY|Failed to create GPU buffer/i,
    'its memory is full, or a tensor is larger than it takes. Use smaller batches, or engine.device=cpu',
  ],
  [/device.{0,20}lost|DEVICE_LOST/i, 'it was lost, as its driver ended or restarted. Resume the run, or use engine.device=cpu'],
  [/(?:)/, 'it refuses the step. Use engine.device=cpu'],
];
