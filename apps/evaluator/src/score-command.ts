import type { ProjectSettings } from '@tass/config';
import type { Leaderboard } from '@tass/leaderboard';
import { pathFrom } from '@tass/program';
import {
  foreignMethods,
  makeLeaderboard,
  NONE_PUBLISHED,
  pageOfRoot,
  pageOfTest,
  seenBy,
  statisticsCache,
  type Page,
} from '@tass/run-comparison';
import type { ScoreCommand } from './command-line';

/**
 * A leaderboard of one method's predictions and the priors. `say` receives lines about what was read and left out. Throws PredictionError,
 * AnnotationError, ComparisonError.
 */
export function scorePredictions(
  { predictions, ...asked }: ScoreCommand,
  settings: ProjectSettings,
  say: (line: string) => void,
): Leaderboard {
  const page = pageFor(asked, settings, say);
  const methods = foreignMethods([predictions], page, say);
  const resampling = { resamples: 2000, seed: 1 };
  return makeLeaderboard(page, methods, { ...{ title: predictions.name, resampling }, reference: undefined, first: undefined, published: NONE_PUBLISHED, leftOut: [], cache: statisticsCache(settings) }); // prettier-ignore
}

/** Without `trainedOn`, nothing is left out of MUSIC-AVQA's own splits, because they share no question. */
function pageFor(
  { benchmark, trainedOn, split, root }: Omit<ScoreCommand, 'predictions'>,
  settings: ProjectSettings,
  say: (line: string) => void,
): Page {
  const folder = root === undefined ? settings.data : pathFrom(settings.root, root, 'dataset.root');
  if (benchmark.kind === 'music-avqa' && !trainedOn) return pageOfRoot(folder, split);
  const seen = seenBy(trainedOn, folder, benchmark);
  const { page, remarks } = pageOfTest(folder, benchmark, seen.questions);
  for (const line of [seen.line, ...remarks]) say(line);
  return page;
}
