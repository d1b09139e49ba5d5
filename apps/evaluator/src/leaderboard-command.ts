import type { ProjectSettings } from '@tass/config';
import type { Leaderboard } from '@tass/leaderboard';
import type { LeaderboardCommand } from './command-line';
import { makeLeaderboard, type BoardOptions } from './leaderboard/board';
import { collectRuns } from './leaderboard/collect';
import { foreignMethods } from './leaderboard/foreign';
import { statisticsCache } from './leaderboard/stored-statistics';

/**
 * The leaderboard of the runs below a folder of runs, wherever these came from. Throws RunError, PredictionError, AnnotationError, ConfigError.
 */
export function leaderboardOf(runsRoot: string, command: LeaderboardCommand, settings: ProjectSettings): Leaderboard {
  const { page, methods, leftOut, first } = collectRuns(runsRoot, command.runs, settings);
  const all = [...methods, ...foreignMethods(command.predictions, command.answers, page)];
  const options: BoardOptions = {
    title: command.title ?? titleOf(command),
    reference: command.reference,
    first,
    resampling: { resamples: command.resamples, seed: 1 },
    published: [],
    leftOut,
    cache: statisticsCache(settings),
  };
  return makeLeaderboard(page, all, options);
}

function titleOf({ runs: { experiments, sweep, named } }: LeaderboardCommand): string {
  if (experiments) return experiments.join(', ');
  if (sweep !== undefined) return `Sweep ${sweep}`;
  return named ? 'Chosen runs' : 'All runs';
}

/** Where a leaderboard is written when nothing is said: below `leaderboards`, named after what was asked for. */
export function folderNameOf({ runs: { experiments, sweep, named } }: LeaderboardCommand): string {
  const name = experiments ? experiments.join('+') : sweep !== undefined ? `sweep-${sweep}` : named ? 'chosen' : 'all';
  return name.replaceAll(/[^\w.+-]+/g, '-').replace(/^[.-]+/, '');
}
