import type { backend_util, DataType } from '@tensorflow/tfjs-core';
import { CompileError } from '../../compile/compile-error';
import * as tf from '../../tf';
import { kernels, type Kernel } from './kernels';
import type { NativeType } from './native-value';
import { sameShape, type StepGraph, type Symbolic } from './step-graph';

export const recorderName = 'onnxruntime-recorder';

/** What a tensor has instead of values while it is recorded. */
class SymbolicData {
  constructor(
    public symbolic: Symbolic,
    readonly graph: StepGraph, // of the recording
  ) {}
}

/** A backend of TensorFlow.js that computes nothing: each kernel adds to the graph under recording. */
export class Recorder extends tf.KernelBackend {
  private count = 0;
  private graphUnderWay: StepGraph | undefined;

  /** The one recorder of this process, registered with its kernels at the first call. */
  static get(): Recorder {
    if (!tf.findBackendFactory(recorderName)) {
      tf.registerBackend(recorderName, () => new Recorder(), 0);
      for (const [kernelName, kernel] of Object.entries(kernels)) tf.registerKernel(asConfig(kernelName, kernel));
      const others = [...tf.getKernelsForBackend('cpu'), ...tf.getKernelsForBackend('wasm')].map(({ kernelName }) => kernelName);
      for (const kernelName of new Set(others)) if (!(kernelName in kernels)) tf.registerKernel(asConfig(kernelName, refusal(kernelName)));
    }
    return tf.findBackend(recorderName) as unknown as Recorder;
  }

  /** While `work` runs, TensorFlow.js's operations go into `graph`; none of its tensors remains. */
  during<Result>(graph: StepGraph, work: () => Result): Result {
    const before = tf.getBackend();
    tf.engine().startScope();
    this.graphUnderWay = graph;
    try {
      void tf.setBackend(recorderName);
      return work();
    } finally {
      tf.engine().endScope();
      this.graphUnderWay = undefined;
      void tf.setBackend(before);
    }
  }

  /** Undefined where nothing is recorded. */
  get graph(): StepGraph | undefined {
    return this.graphUnderWay;
  }

  tensorOf(symbolic: Symbolic): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.infoOf(symbolic));
  }

  /** Throws CompileError where the tensor is not of this recording. */
  symbolOf({ dataId, shape }: tf.TensorInfo): Symbolic {
    const symbolic = dataId instanceof SymbolicData && dataId.graph === this.graph ? dataId.symbolic : undefined;
    if (symbolic !== undefined) return sameShape(symbolic.shape, shape) ? symbolic : this.graph!.view(symbolic, shape);
    throw new CompileError(
      `compile: the step uses a tensor of shape [${shape.join(', ')}] that is neither made in it nor one of its arguments. Pass it as an argument`,
    );
  }

  /** From now on the tensor has the value of `symbolic`. */
  replace(tensor: tf.Tensor, symbolic: Symbolic): void {
    (tensor.dataId as SymbolicData).symbolic = symbolic;
  }

  infoOf(symbolic: Symbolic): tf.TensorInfo {
    this.count++;
    return { dataId: new SymbolicData(symbolic, this.graph!), shape: [...symbolic.shape], dtype: symbolic.dtype as DataType };
  }

  override write(values: backend_util.BackendValues | null, shape: number[], dtype: DataType): object {
    if (values === null) throw new CompileError(`compile: the step makes a tensor of shape [${shape.join(', ')}] without values`);
    return this.infoOf(this.graph!.array(values as unknown as ArrayLike<number>, nativeType(dtype), shape)).dataId;
  }

  override readSync(dataId: object): never {
    const { shape } = (dataId as SymbolicData).symbolic;
    throw new CompileError(
      `compile: the step reads the values of a tensor of shape [${shape.join(', ')}] (dataSync, or a condition on it). Return the tensor instead, or set engine.compile=off`,
    );
  }

  override read(dataId: object): never {
    return this.readSync(dataId);
  }

  override disposeData(): boolean {
    this.count--;
    return true;
  }

  override numDataIds(): number {
    return this.count;
  }

  override incRef(): void {}

  override refCount(): number {
    return 1;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
}

function asConfig(kernelName: string, kernel: Kernel): tf.KernelConfig {
  return {
    kernelName,
    backendName: recorderName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const recorder = backend as Recorder;
      const symbolOf = (info: tf.TensorInfo | undefined | null) => (info ? recorder.symbolOf(info) : undefined);
      const given = Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, symbolOf(info as tf.TensorInfo)]));
      const made = kernel(recorder.graph!, given as Record<string, Symbolic>, attrs ?? {});
      return Array.isArray(made) ? made.map((each) => recorder.infoOf(each as Symbolic)) : recorder.infoOf(made as Symbolic);
    },
  };
}

const refusal =
  (kernelName: string): Kernel =>
  () => {
    throw new CompileError(
      `compile: operation ${kernelName} of TensorFlow.js has no counterpart on engine onnxruntime. Put the step together from others, or set engine.compile=off`,
    );
  };

function nativeType(dtype: DataType): NativeType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new CompileError(`compile: the step makes a tensor of type ${dtype}, expected float32, int32 or bool`);
}
