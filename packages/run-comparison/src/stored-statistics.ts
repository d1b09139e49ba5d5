import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { STATISTICS_VERSION, compareMethods, type Method, type MethodStatistics, type ResampleOptions } from '@tass/evaluation';
import { kept } from './kept';
import type { Page } from './page';

/** The project's cache of statistics; it can be deleted at any time. */
export const statisticsCache = (settings: ProjectSettings): string => join(settings.root, '.cache', 'leaderboard');

/**
 * `compareMethods` on a page, cached in `cache` under a digest of everything that decides the result: every answer's mark, the questions
 * with their videos and columns, the options and the version of the statistics.
 */
export function storedStatistics(
  cache: string,
  methods: readonly Method[],
  reference: string | null,
  page: Pick<Page, 'questions' | 'columns'>,
  options: ResampleOptions,
): MethodStatistics[] {
  const file = join(cache, `${digestOf(methods, reference, page, options)}.json`);
  return kept(file, areWhole, () => compareMethods(methods, reference, page.questions, page.columns, options));
}

function digestOf(
  methods: readonly Method[],
  reference: string | null,
  { questions, columns }: Pick<Page, 'questions' | 'columns'>,
  options: ResampleOptions,
): string {
  const hash = createHash('sha256');
  const add = (part: unknown): void => void hash.update(`${JSON.stringify(part)}\n`);
  add([STATISTICS_VERSION, options.resamples, options.seed, reference]);
  add(questions.map(({ videoId }) => videoId));
  add(columns.columns);
  hash.update(columns.members);
  for (const { id, runs } of methods)
    for (const { seed, right } of runs) {
      add([id, seed]);
      hash.update(right);
    }
  return hash.digest('hex');
}

const areWhole = (stored: unknown): stored is MethodStatistics[] =>
  Array.isArray(stored) && stored.length > 0 && stored.every((one) => one?.figures && one.runs);
