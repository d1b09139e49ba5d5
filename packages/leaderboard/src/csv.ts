import type { Leaderboard } from './leaderboard';
export const renderCsv = (leaderboard: Leaderboard): string => leaderboard.title;
