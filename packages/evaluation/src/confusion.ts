/** How often an answer was given to questions with a right one: indices in ANSWERS. */
export type Confused = readonly [right: number, given: number, count: number];

/** Every pair that occurs, right answers too, the most frequent first; counts over all runs. `runs`: answers [questions], as `right`. */
export function confusionOf(runs: readonly Uint8Array[], right: readonly number[]): Confused[] {
  const counts = new Map<number, number>();
  for (const answers of runs)
    answers.forEach((given, index) => {
      const pair = right[index] * 256 + given;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    });
  const pairs = [...counts].map(([pair, count]): Confused => [Math.floor(pair / 256), pair % 256, count]);
  return pairs.sort(([answer, given, count], other) => other[2] - count || answer - other[0] || given - other[1]);
}
