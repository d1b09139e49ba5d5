/** A linear axis: the position of a value, and round values to mark. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From values to pixels, both ends included. A domain without width gets one. At most `most` ticks, at least one. */
export function linearScale([low, high]: readonly [number, number], [from, to]: readonly [number, number], most: number): Scale {
  const [first, last] = high > low ? [low, high] : [low - 1, high + 1];
  const at = (value: number): number => Math.round((from + ((value - first) / (last - first)) * (to - from)) * 10) / 10;
  return { at, ticks: roundValues(first, last, most) };
}

function roundValues(low: number, high: number, most: number): number[] {
  const steps = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** (power - 4))).flat();
  for (const step of steps) {
    const first = Math.ceil(low / step - 1e-9);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    if (count >= 1 && count <= most) return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  }
  return [low];
}
