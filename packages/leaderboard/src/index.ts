export type { Difference, Figure, Leaderboard, LeaderboardColumn, MethodRow, PriorRow, PublishedRow, RunRow } from './leaderboard';
