import { NativeValue, nativeArray } from './native-value';
import { sizeOf } from './step-graph';

/** float32 numbers that steps change: a step reads one side and writes the other, so that a failed step has changed nothing. To be disposed. */
export class Variable {
  private constructor(
    readonly shape: readonly number[],
    private readonly sides: readonly [NativeValue, NativeValue],
    private readonly turn: { side: 0 | 1 },
    readonly partOf?: { readonly whole: Variable; readonly offset: number },
  ) {}

  /** Of zeros. */
  static of(shape: readonly number[]): Variable {
    const side = (): NativeValue => new NativeValue(nativeArray('float32', sizeOf(shape)), 'float32', shape);
    return new Variable(shape, [side(), side()], { side: 0 });
  }

  /** A view of the numbers from `offset` on: steps read the view, and write the whole variable. */
  part(offset: number, shape: readonly number[]): Variable {
    const [a, b] = this.sides.map(({ data }) => new NativeValue(data.subarray(offset, offset + sizeOf(shape)), 'float32', shape));
    return new Variable(shape, [a, b], this.turn, { whole: this, offset });
  }

  get current(): NativeValue {
    return this.sides[this.turn.side];
  }

  /** Where a step writes what becomes current by `advance`. */
  get next(): NativeValue {
    return this.sides[1 - this.turn.side];
  }

  advance(): void {
    this.turn.side = this.turn.side === 0 ? 1 : 0;
  }

  dispose(): void {
    this.sides.forEach((side) => side.dispose());
  }
}
