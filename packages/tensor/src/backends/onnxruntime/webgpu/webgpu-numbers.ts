import { loadCApi, type Pointer } from '../c-api';
import { nativeArray, NativeValue } from '../native-value';
import type { WebgpuDevice } from './webgpu-device';

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
