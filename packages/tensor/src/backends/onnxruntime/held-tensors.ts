import type { DataType } from '@tensorflow/tfjs-core';
import * as tf from '../../tf';
import { nativeArray, type NativeArray, type NativeType } from './native-value';

export const heldName = 'onnxruntime-held';

interface Held {
  readonly values: NativeArray;
  readonly dtype: NativeType;
  readonly floats?: () => Float32Array; // of halves
  uses: number;
  isDisposed: boolean;
}

/**
 * Keeps the values of tensors in memory of JavaScript, from where onnxruntime reads them without a copy. A kernel of another backend that
 * computes with such a tensor takes it over first, as TensorFlow.js does between any two backends.
 */
export class HeldTensors extends tf.KernelBackend {
  private readonly held = new Map<object, Held>();
  private readonly free = new Map<string, NativeArray[]>(); // memory of tensors that are gone, by type and length: new memory keeps V8 collecting garbage

  /** The one of this process. */
  static get(): HeldTensors {
    if (!tf.findBackendFactory(heldName)) tf.registerBackend(heldName, () => new HeldTensors(), 0);
    return tf.findBackend(heldName) as unknown as HeldTensors;
  }

  /** Memory for values, from `tensorOf` on the tensor's. */
  room(dtype: NativeType, length: number): NativeArray {
    return this.free.get(`${dtype} ${length}`)?.pop() ?? nativeArray(dtype, length);
  }

  /** A tensor of values that came from `room`. Those of float16 are float32 to TensorFlow.js, and `floats` where another backend takes them over. */
  tensorOf(values: NativeArray, dtype: NativeType, shape: readonly number[], floats?: () => Float32Array): tf.Tensor {
    const dataId = {};
    this.held.set(dataId, { values, dtype, floats, uses: 0, isDisposed: false });
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: dtype === 'float16' ? 'float32' : dtype }, this);
  }

  /** How a tensor's values are held; undefined for one of another backend. */
  typeOf({ dataId }: tf.Tensor): NativeType | undefined {
    return this.held.get(dataId)?.dtype;
  }

  /** A tensor's values, which stay as they are until `release` is called, whatever becomes of the tensor. Undefined for one of another backend. */
  use({ dataId }: tf.Tensor): { readonly values: NativeArray; readonly release: () => void } | undefined {
    const held = this.held.get(dataId);
    if (held === undefined) return undefined;
    held.uses++;
    const release = (): void => {
      held.uses--;
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

  override disposeData(dataId: object): boolean {
    const held = this.held.get(dataId);
    if (held === undefined) return true;
    this.held.delete(dataId);
    held.isDisposed = true;
    this.recycle(held);
    return true;
  }

  override numDataIds(): number {
    return this.held.size;
  }

  override incRef(): void {}

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override refCount(): number {
    return 1;
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

  private recycle({ values, dtype, uses, isDisposed }: Held): void {
    if (!isDisposed || uses > 0) return;
    const key = `${dtype} ${values.length}`;
    this.free.set(key, [...(this.free.get(key) ?? []), values].slice(-mostFree));
  }
}

const mostFree = 4; // of a kind; batches being read, in use and waited for
