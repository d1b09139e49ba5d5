import type { Difference, Leaderboard, LeaderboardColumn, MethodRow } from './leaderboard';

/**
 * A difference is marked if its p, after Holm's correction, is below this and every pair of seeds agrees on its direction: p
 * describes other test videos only, and one lucky training among three must not decide.
 */
export const LEVEL = 0.05;

export type Verdict = 'better' | 'worse' | null;

/** The direction of a difference from the reference; null if it is not marked. */
export const verdictOf = (difference: Omit<Difference, 'mcnemar'> | undefined): Verdict =>
  difference === undefined || difference.adjusted >= LEVEL || !agree(difference) ? null : difference.difference > 0 ? 'better' : 'worse';

const agree = ({ difference, pairs }: Pick<Difference, 'difference' | 'pairs'>): boolean =>
  pairs.every((one) => Math.sign(one) === Math.sign(difference));

/** The highest mean of the methods in a column, as shown (two decimals); null if there is none, or one method only. */
export function bestShown(methods: readonly MethodRow[], { id }: LeaderboardColumn): string | null {
  const means = methods.flatMap(({ figures }) => (figures[id] ? [figures[id].mean] : []));
  return methods.length < 2 || means.length === 0 ? null : Math.max(...means).toFixed(2);
}

/**
 * Resamples needed to find any difference, over all questions and in a type: a p of a bootstrap is at least 2 / (resamples + 1), and
 * Holm multiplies the least of a family by the number of its tests.
 */
export function neededResamples({ methods, columns }: Pick<Leaderboard, 'methods' | 'columns'>): {
  readonly all: number;
  readonly types: number;
} {
  const compared = methods.filter(({ against }) => against !== null).length;
  const isType = ({ id, group, total }: LeaderboardColumn): boolean =>
    total > 0 && group !== 'All' && group !== 'extra' && !id.endsWith('Avg');
  const needed = (tests: number): number => Math.ceil((2 * tests) / LEVEL);
  return { all: needed(compared), types: needed(compared * columns.filter(isType).length) };
}
