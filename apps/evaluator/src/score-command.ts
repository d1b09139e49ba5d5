import { basename } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import type { Leaderboard } from '@tass/leaderboard';
import type { ScoreCommand } from './command-line';
import { makeLeaderboard } from './leaderboard/board';
import { foreignMethods } from './leaderboard/foreign';
import { pageOfRoot } from './leaderboard/page';
import { statisticsCache } from './leaderboard/stored-statistics';

/** One method's predictions as a leaderboard of its own, with the priors beside it. Throws PredictionError, AnnotationError. */
export function scorePredictions({ predictions, name, answers, split, root }: ScoreCommand, settings: ProjectSettings): Leaderboard {
  const page = pageOfRoot(root ?? settings.data, split);
  const title = name ?? basename(predictions);
  const methods = foreignMethods([{ name: title, file: predictions }], answers, page);
  const resampling = { resamples: 2000, seed: 1 };
  return makeLeaderboard(page, methods, { ...{ title, resampling }, reference: undefined, first: undefined, published: [], leftOut: [], cache: statisticsCache(settings) }); // prettier-ignore
}
