import { type ElementType, elementTypes } from '@tass/onnx';
import { loadKoffi } from '@tass/onnx';
import { addressFrom, loadCApi, type Pointer } from './c-api';

export type NativeArray = Float32Array | Uint16Array | Int32Array | Uint8Array;
export type NativeType = Extract<ElementType, 'float32' | 'float16' | 'int32' | 'bool'>;

const arrays = { float32: Float32Array, float16: Uint16Array, int32: Int32Array, bool: Uint8Array };
const [deviceAllocator, defaultMemory] = [0, 0]; // OrtDeviceAllocator, OrtMemTypeDefault

let cpuMemory: Pointer | undefined;

/** An array whose memory does not move: V8 moves short arrays that it allocated itself. */
export function nativeArray(dtype: NativeType, length: number): NativeArray {
  const bytes = length * arrays[dtype].BYTES_PER_ELEMENT;
  return new arrays[dtype](new ArrayBuffer(Math.max(bytes, 1)), 0, length);
}

/** A tensor of onnxruntime over an array of JavaScript, which it neither copies nor owns. To be disposed. */
export class NativeValue {
  readonly pointer: Pointer;

  /** `data` is to come from `nativeArray`, to be a part of one, or to be longer than 64 bytes. */
  constructor(
    readonly data: NativeArray,
    readonly dtype: NativeType,
    readonly shape: readonly number[],
  ) {
    const api = loadCApi();
    cpuMemory ??= addressFrom((place) => api.CreateCpuMemoryInfo(deviceAllocator, defaultMemory, place));
    const address = loadKoffi().address(data);
    this.pointer = addressFrom(
      (place) =>
      api.CreateTensorWithDataAsOrtValue(cpuMemory, address, data.byteLength, BigInt64Array.from(shape, BigInt), shape.length, elementTypes[dtype], place), // prettier-ignore
    );
  }

  dispose(): void {
    loadCApi().ReleaseValue(this.pointer);
  }
}

/** A value over a copy of `values`. */
export function copyOf(values: ArrayLike<number>, dtype: NativeType, shape: readonly number[]): NativeValue {
  const data = nativeArray(dtype, values.length);
  data.set(values);
  return new NativeValue(data, dtype, shape);
}
