import type { Leaderboard } from './leaderboard';
export const renderText = (leaderboard: Leaderboard): string => leaderboard.title;
export const renderMarkdown = (leaderboard: Leaderboard): string => leaderboard.title;
