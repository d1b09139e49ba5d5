import type { Leaderboard } from './leaderboard';
export const renderLatex = (leaderboard: Leaderboard): string => leaderboard.title;
