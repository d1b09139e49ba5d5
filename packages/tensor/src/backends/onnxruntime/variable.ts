import { NativeValue, nativeArray } from './native-value';
import { sizeOf } from './step-graph';
import type { WebgpuDevice } from './webgpu/webgpu-device';
import { WebgpuNumbers } from './webgpu/webgpu-numbers';

type Side = NativeValue | WebgpuNumbers;

/** float32 numbers that steps change: a step reads one side and writes the other, so that a failed step has changed nothing. To be disposed. */
export class Variable {
  private constructor(
    readonly shape: readonly number[],
    readonly device: WebgpuDevice | undefined, // whose memory holds it; otherwise it is in JavaScript's
    private readonly sides: readonly [Side, Side],
    private readonly turn: { side: 0 | 1 },
    readonly partOf?: { readonly whole: Variable; readonly offset: number },
  ) {}

  /** Of zeros. */
  static of(length: number, device?: WebgpuDevice): Variable {
    const side = (): Side => (device ? new WebgpuNumbers(device, length) : new NativeValue(nativeArray('float32', length), 'float32', [length])); // prettier-ignore
    return new Variable([length], device, [side(), side()], { side: 0 });
  }

  /** A view of the numbers from `offset` on: steps read the view, on a device as a part of the whole, and write the whole variable. */
  part(offset: number, shape: readonly number[]): Variable {
    const [a, b] = this.sides.map((side) =>
      side instanceof NativeValue ? new NativeValue(side.data.subarray(offset, offset + sizeOf(shape)), 'float32', shape) : side,
    );
    return new Variable(shape, this.device, [a, b], this.turn, { whole: this, offset });
  }

  get current(): Side {
    return this.sides[this.turn.side];
  }

  /** Where a step writes what becomes current by `advance`. */
  get next(): Side {
    return this.sides[1 - this.turn.side];
  }

  advance(): void {
    this.turn.side = this.turn.side === 0 ? 1 : 0;
  }

  /** The present numbers: those themselves in JavaScript's memory, a copy of those on a device. */
  read(): Float32Array {
    const { current } = this;
    if (current instanceof NativeValue) return current.data as Float32Array;
    const offset = this.partOf?.offset ?? 0;
    return current.read().subarray(offset, offset + sizeOf(this.shape));
  }

  write(values: Float32Array): void {
    const { current, partOf } = this;
    if (current instanceof NativeValue) return current.data.set(values);
    const all = partOf ? partOf.whole.read() : values;
    if (partOf) all.set(values, partOf.offset);
    current.write(all);
  }

  dispose(): void {
    if (this.device === undefined || this.partOf === undefined) this.sides.forEach((side) => side.dispose());
  }
}
