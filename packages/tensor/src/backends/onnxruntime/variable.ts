import { NativeValue, nativeArray } from './native-value';

/** float32 numbers that steps change: a step reads one side and writes the other, so that one that fails has changed nothing. To be disposed. */
export class Variable {
  private side: 0 | 1 = 0;
  private readonly sides: readonly [NativeValue, NativeValue];

  constructor(
    readonly shape: readonly number[],
    values?: ArrayLike<number>,
  ) {
    const length = shape.reduce((size, axis) => size * axis, 1);
    this.sides = [0, 1].map(() => new NativeValue(nativeArray('float32', length), 'float32', shape)) as [NativeValue, NativeValue];
    if (values !== undefined) this.current.data.set(values);
  }

  get current(): NativeValue {
    return this.sides[this.side];
  }

  /** Where a step writes what becomes current by `advance`. */
  get next(): NativeValue {
    return this.sides[1 - this.side];
  }

  advance(): void {
    this.side = this.side === 0 ? 1 : 0;
  }

  dispose(): void {
    this.sides.forEach((side) => side.dispose());
  }
}
