import type { Leaderboard, MethodRow } from '../leaderboard';

const MOST = 40;

/** The methods that charts show: the best forty, and the reference. */
export const chartedMethods = ({ methods, reference }: Leaderboard): readonly MethodRow[] =>
  methods.filter(({ id }, at) => at < MOST || id === reference);

/** What a chart leaves out, as a sentence; empty if nothing. */
export const chartedRemark = (leaderboard: Leaderboard): string =>
  chartedMethods(leaderboard).length < leaderboard.methods.length
    ? `Only the best ${MOST} methods and the reference are shown; the table has all.`
    : '';
