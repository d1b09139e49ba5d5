import type { ProjectSettings } from '@tass/config';
import type { Leaderboard } from '@tass/leaderboard';
import type { ScoreCommand } from './command-line';
import { makeLeaderboard } from './leaderboard/board';
import { foreignMethods } from './leaderboard/foreign';
import { pageOfRoot } from './leaderboard/page';
import { statisticsCache } from './leaderboard/stored-statistics';

/** One method's predictions as a leaderboard of its own, with the priors beside it. `say` is given the line on what was read. Throws PredictionError, AnnotationError. */
export function scorePredictions(
  { predictions, split, root }: ScoreCommand,
  settings: ProjectSettings,
  say: (line: string) => void,
): Leaderboard {
  const page = pageOfRoot(root ?? settings.data, split);
  const methods = foreignMethods([predictions], page, say);
  const resampling = { resamples: 2000, seed: 1 };
  return makeLeaderboard(page, methods, { ...{ title: predictions.name, resampling }, reference: undefined, first: undefined, published: [], leftOut: [], cache: statisticsCache(settings) }); // prettier-ignore
}
