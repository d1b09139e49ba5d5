/** A run's right and wrong answers. */
export interface MarkedRun {
  readonly seed: number | null; // null: predictions of another program
  readonly right: Uint8Array; // [questions]; 1 for a right answer, 0 for a wrong one
}

/** Runs of two methods that are compared with each other. */
export interface PairedRuns {
  readonly ours: readonly MarkedRun[]; // those that are in a pair
  readonly theirs: readonly MarkedRun[];
  readonly pairs: readonly (readonly [ours: MarkedRun, theirs: MarkedRun])[];
}

/** Pairs runs by the number of their seed; where one side has no seeds, each of its runs with each of the other. Null when no pair is left. */
export function pairRuns(ours: readonly MarkedRun[], theirs: readonly MarkedRun[]): PairedRuns | null {
  const seeded = [...ours, ...theirs].every(({ seed }) => seed !== null);
  const pairs = ours.flatMap((one) =>
    theirs.filter((other) => !seeded || other.seed === one.seed).map((other): readonly [MarkedRun, MarkedRun] => [one, other]),
  );
  if (pairs.length === 0) return null;
  const inPair = (runs: readonly MarkedRun[], side: 0 | 1): MarkedRun[] => runs.filter((run) => pairs.some((pair) => pair[side] === run));
  return { ours: inPair(ours, 0), theirs: inPair(theirs, 1), pairs };
}
