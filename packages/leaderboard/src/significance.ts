import type { Difference, LeaderboardColumn, MethodRow } from './leaderboard';

/** A difference counts where its p, after Holm's correction, is below this. */
export const LEVEL = 0.05;

export type Verdict = 'better' | 'worse' | null;

/** What a difference from the reference says; null where it says nothing. */
export const verdictOf = (difference: Difference | undefined): Verdict =>
  difference === undefined || difference.adjusted >= LEVEL ? null : difference.difference > 0 ? 'better' : 'worse';

/** The highest mean of the methods in a column, as shown (two decimals); null where there is none, or one method only. */
export function bestShown(methods: readonly MethodRow[], { id }: LeaderboardColumn): string | null {
  const means = methods.flatMap(({ figures }) => (figures[id] ? [figures[id].mean] : []));
  return methods.length < 2 || means.length === 0 ? null : Math.max(...means).toFixed(2);
}
