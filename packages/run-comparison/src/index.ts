export { collectRuns } from './collect';
export { ComparisonError } from './comparison-error';
export { foreignMethods } from './foreign';
export { makeLeaderboard } from './board';
export { pageOfRoot, pageOfTest, type Page } from './page';
export type { ForeignMethod, ForeignReading, RunsRequest } from './request';
export { seenBy } from './seen';
export { statisticsCache } from './stored-statistics';
