import type { Leaderboard } from './leaderboard';

/** Bump this when the meaning of a key changes or a key is removed, not for a new key. */
const SCHEMA_VERSION = 1;

/** The whole leaderboard, after `schemaVersion`. */
export const jsonObject = (leaderboard: Leaderboard): object => ({ schemaVersion: SCHEMA_VERSION, ...leaderboard });

/** As text, unrounded, a list of numbers on one line. A final newline. */
export const renderJson = (leaderboard: Leaderboard): string =>
  `${JSON.stringify(jsonObject(leaderboard), null, 2).replaceAll(NUMBERS, (list) => list.replaceAll(/\s+/g, ' '))}\n`;

const NUMBERS = /\[\n[-+.eE\d,\s]+\]/g; // a text has no line end as such
