import { countZeroed, describeHalfLoss, findHalfLoss, surelyKept } from '../half-loss';

const greatestStorable = 65520; // from here on float16 rounds to infinity

/** Tells whether the values of a video can be stored as float16, from its rows one after the other. */
export class Storable {
  private first: string | undefined; // where the first value is that cannot be stored
  private values = 0;
  private strange = 0; // not finite
  private large = 0;
  private greatest = 0;
  private squares = 0;
  private _zeroed = 0;

  /** How many values that are not 0 become 0. */
  get zeroed(): number {
    return this._zeroed;
  }

  add(values: Float64Array, row: number): void {
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i]);
      squares += magnitude * magnitude;
      if (magnitude < greatestStorable) continue;
      this.first ??= `row ${row} holds ${values[i]} at value ${i}`;
      this.large++;
      if (!Number.isFinite(magnitude)) this.strange++;
      this.greatest = Math.max(this.greatest, magnitude);
    }
    this.squares += squares;
    this.values += values.length;
    this._zeroed += countZeroed(values);
  }

  /** Why float16 cannot hold some value; undefined if it can. */
  describeUnstorable(): string | undefined {
    if (this.first === undefined) return undefined;
    if (this.strange > 0) return `${this.first}, expected finite numbers: ${this.strange} of ${this.values} are not`;
    return (
      `${this.first}, too large for float16, in which features are stored: ${this.large} of ${this.values} values are, the greatest magnitude is ` +
      `${this.greatest.toPrecision(2)}. ${scaleAll(this.greatest)}`
    );
  }

  /** Whether float16 may change the values so much that all of them have to be looked at together (`describeSmall`). */
  mayBeSmall(): boolean {
    return !(Math.sqrt(this.squares / this.values) >= surelyKept);
  }
}

/** Why float16 would change all values of a video too much; undefined if it keeps them. */
export function describeSmall(values: Float64Array): string | undefined {
  const loss = findHalfLoss(values);
  return loss && `${describeHalfLoss(loss, values.length)}. ${scaleAll(loss.greatest)}`;
}

/** By the power of ten that brings the greatest magnitude to between 1 and 10, as far as there is one. */
const scaleAll = (greatest: number): string =>
  `Multiply the files of all videos by one and the same number, such as 1e${Math.min(300, -Math.floor(Math.log10(greatest)))}`;
