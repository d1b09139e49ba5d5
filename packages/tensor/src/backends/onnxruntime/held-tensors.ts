import type { DataType } from '@tensorflow/tfjs-core';
import { CompileError } from '../../compile/compile-error';
import * as tf from '../../tf';
import { nativeArray, type NativeArray, type NativeType } from './native-value';
import { sizeOf } from './step-graph';

const heldName = 'onnxruntime-held';

interface Held {
  readonly values: NativeArray;
  readonly dtype: NativeType;
  readonly floats?: () => Float32Array; // of halves
  refCount: number; // tensors that have these values
  runs: number; // that read them
}

const mostFree = 64; // arrays; of batches being read, in use and waited for, and of their results

/**
 * Keeps the values of tensors in JavaScript's memory, where onnxruntime reads them without a copy. A kernel of another backend that
 * computes with such a tensor takes it over first, as TensorFlow.js does between any two backends.
 */
export class HeldTensors extends tf.KernelBackend {
  private readonly held = new Map<object, Held>();
  private readonly free: { readonly values: NativeArray; readonly dtype: NativeType }[] = []; // of tensors that are gone, newest last: new memory keeps V8 collecting garbage

  /** The one of this process. */
  static get(): HeldTensors {
    if (!tf.findBackendFactory(heldName)) tf.registerBackend(heldName, () => new HeldTensors(), 0);
    return tf.findBackend(heldName) as unknown as HeldTensors;
  }

  /** Memory for values, from `tensorOf` on the tensor's. */
  allocate(dtype: NativeType, length: number): NativeArray {
    const at = this.free.map(({ values, ...free }) => free.dtype === dtype && values.length === length).lastIndexOf(true);
    return at < 0 ? nativeArray(dtype, length) : this.free.splice(at, 1)[0].values;
  }

  /** A tensor of values that came from `allocate`. Those of float16 are float32 to TensorFlow.js, and `floats` where another backend takes them over. */
  tensorOf(values: NativeArray, dtype: NativeType, shape: readonly number[], floats?: () => Float32Array): tf.Tensor {
    const dataId = {};
    this.held.set(dataId, { values, dtype, floats, refCount: 1, runs: 0 });
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: dtype === 'float16' ? 'float32' : dtype }, this);
  }

  /** How a tensor's values are held; undefined for one of another backend. */
  typeOf({ dataId }: tf.Tensor): NativeType | undefined {
    return this.held.get(dataId)?.dtype;
  }

  /**
   * A tensor's values, which stay unchanged until `release` is called, even if the tensor is disposed. They are taken over from another backend,
   * so that one that is given again, as a parameter, is copied once.
   */
  use({ dataId }: tf.Tensor): { readonly values: NativeArray; readonly release: () => void } {
    if (!this.held.has(dataId)) tf.engine().moveData(this, dataId);
    const held = this.held.get(dataId)!;
    held.runs++;
    const release = (): void => {
      held.runs--;
      this.recycle(held);
    };
    return { values: held.values, release };
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { values, floats } = this.held.get(dataId)!;
    return (floats?.() ?? values.slice()) as Float32Array;
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return this.readSync(dataId);
  }

  override move(dataId: object, values: tf.backend_util.BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    const native = this.allocate(dtype as NativeType, sizeOf(shape));
    native.set(values as Float32Array);
    this.held.set(dataId, { values: native, dtype: dtype as NativeType, refCount, runs: 0 });
  }

  override disposeData(dataId: object, force = false): boolean {
    const held = this.held.get(dataId);
    if (held === undefined) return true;
    held.refCount = force ? 0 : held.refCount - 1;
    if (held.refCount > 0) return false;
    this.held.delete(dataId);
    this.recycle(held);
    return true;
  }

  override numDataIds(): number {
    return this.held.size;
  }

  override incRef(dataId: object): void {
    this.held.get(dataId)!.refCount++;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override refCount(dataId: object): number {
    return this.held.get(dataId)?.refCount ?? 0;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: DataType): object {
    throw new Error(`HeldTensors: makes tensors by tensorOf only, not of ${values.length} values of shape [${shape.join(', ')}], ${dtype}`);
  }

  private recycle({ values, dtype, refCount, runs }: Held): void {
    if (refCount > 0 || runs > 0 || values.length === 0) return;
    this.free.push({ values, dtype });
    if (this.free.length > mostFree) this.free.shift();
  }
}

/** A tensor's type in a step: half precision if its values are held in it. Throws CompileError for a tensor that holds no numbers. */
export function typeOf(tensor: tf.Tensor): NativeType {
  const { dtype } = tensor;
  if (dtype === 'string' || dtype === 'complex64')
    throw new CompileError(`compile: an argument is a tensor of type ${dtype}, expected float32, int32 or bool`);
  return HeldTensors.get().typeOf(tensor) ?? dtype;
}

/** A tensor of the type of `like`, to record a step with: it has no values. */
export const placeholder = (like: tf.Tensor, shape: readonly number[]): tf.Tensor =>
  HeldTensors.get().tensorOf(nativeArray(typeOf(like), 0), typeOf(like), shape);
