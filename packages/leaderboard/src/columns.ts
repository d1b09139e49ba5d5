import type { Leaderboard, LeaderboardColumn } from './leaderboard';

/** The columns to show: the field's, and of the extra ones those that have questions. */
export const shownColumns = ({ columns }: Leaderboard): readonly LeaderboardColumn[] =>
  columns.filter(({ group, total }) => group !== 'extra' || total > 0);
