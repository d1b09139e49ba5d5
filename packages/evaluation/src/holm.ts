/**
 * p values adjusted for being several tests, in the order given: the k-th smallest of m is multiplied by m - k + 1, none falls below the
 * one before it, none exceeds 1. Source: Holm 1979.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, pValues[index] * (pValues.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}
