import type { Leaderboard } from '../leaderboard';
export const renderPage = (leaderboard: Leaderboard): string => leaderboard.title;
