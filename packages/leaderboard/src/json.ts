import type { Leaderboard } from './leaderboard';

/** Counts up whenever the meaning of a key changes or a key goes; a new key leaves it. */
const SCHEMA_VERSION = 1;

/** The whole leaderboard, unrounded, as it is in memory, after `schemaVersion`. A final newline. */
export const renderJson = (leaderboard: Leaderboard): string =>
  `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...leaderboard }, null, 2)}\n`;
