/** A run's right and wrong answers. */
export interface MarkedRun {
  readonly seed: number | null; // null: predictions of another program
  readonly right: Uint8Array; // [questions]; 1 for a right answer, 0 for a wrong one
}

interface Seeded {
  readonly seed: number | null;
}

/** Runs of two methods that are compared with each other. */
export interface PairedRuns<Run extends Seeded = MarkedRun> {
  readonly ours: readonly Run[]; // those that are in a pair
  readonly theirs: readonly Run[];
  readonly pairs: readonly (readonly [ours: Run, theirs: Run])[];
}

/** Pairs runs by the number of their seed; where one side has no seeds, each of its runs with each of the other. Null when no pair is left. */
export function pairRuns<Run extends Seeded>(ours: readonly Run[], theirs: readonly Run[]): PairedRuns<Run> | null {
  const seeded = [...ours, ...theirs].every(({ seed }) => seed !== null);
  const pairs = ours.flatMap((one) =>
    theirs.filter((other) => !seeded || other.seed === one.seed).map((other): readonly [Run, Run] => [one, other]),
  );
  if (pairs.length === 0) return null;
  const inPair = (runs: readonly Run[], side: 0 | 1): Run[] => runs.filter((run) => pairs.some((pair) => pair[side] === run));
  return { ours: inPair(ours, 0), theirs: inPair(theirs, 1), pairs };
}
