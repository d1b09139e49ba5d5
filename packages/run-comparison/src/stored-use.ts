import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { curveGains, holm, STATISTICS_VERSION, useOfRuns, type MarkedRun, type ResampleOptions } from '@tass/evaluation';
import type { Question } from '@tass/dataset-music-avqa';
import type { MethodRow } from '@tass/leaderboard';
import { kept } from './kept';
import type { Page } from './page';
import type { RunUse } from './read-use';

type Use = NonNullable<MethodRow['use']>;
type Difference = Use['differences'][string];

interface MeasuredMethod {
  readonly runs: readonly (MarkedRun & { readonly use: RunUse | null })[];
}

/** Bump this when the same marks and areas give different figures. */
const VERSION = 1;

/** `useOfMethods` on a page, cached in `cache` under a digest of everything that decides the result. Null if it was not measured. */
export function storedUse(cache: string, methods: readonly MeasuredMethod[], page: Page, options: ResampleOptions): (Use | null)[] {
  if (methods.every(({ runs }) => runs.every(({ use }) => use === null))) return methods.map(() => null);
  const file = join(cache, `use-${digestOf(methods, page, options)}.json`);
  return kept(file, areWhole, () => useOfMethods(methods, page.questions, options));
}

function digestOf(methods: readonly MeasuredMethod[], { questions }: Page, options: ResampleOptions): string {
  const hash = createHash('sha256');
  const add = (part: unknown): void => void hash.update(`${JSON.stringify(part)}\n`);
  add([VERSION, STATISTICS_VERSION, options.resamples, options.seed]);
  add(questions.map(({ id, videoId, template }) => [id, videoId, template]));
  for (const { runs } of methods) {
    add(runs.length);
    for (const { seed, right, use } of runs) {
      add([seed, use && [Object.keys(use.without), Object.keys(use.areas)]]);
      hash.update(right);
      for (const marks of Object.values(use?.without ?? {})) hash.update(marks);
      for (const areas of Object.values(use?.areas ?? {})) hash.update(areas);
    }
  }
  return hash.digest('hex');
}

const areWhole = (stored: unknown): stored is (Use | null)[] =>
  Array.isArray(stored) && stored.length > 0 && stored.every((one) => one === null || one?.differences instanceof Object);

/** The use of each method's grounding, with Holm's correction over methods and interventions. */
function useOfMethods(methods: readonly MeasuredMethod[], questions: readonly Question[], options: ResampleOptions): (Use | null)[] {
  const measured = methods.map(({ runs }) => {
    const known = runs.flatMap(({ seed, right, use }) => (use && seed !== null ? [{ seed, right, ...use }] : []));
    const differences = { ...useOfRuns(known, questions, options), ...curvesOfRuns(known, questions, options) };
    return { runs: known.length, differences };
  });
  const tests = measured.flatMap(({ differences }, method) => Object.entries(differences).map(([id, { p }]) => ({ method, id, p })));
  const adjusted = holm(tests.map(({ p }) => p));
  return measured.map(({ runs, differences }, at) => {
    const own = tests.flatMap(({ method, id }, test) =>
      method === at ? [[id, { ...differences[id], adjusted: adjusted[test] }] as const] : [],
    );
    return own.length === 0 ? null : { runs, differences: Object.fromEntries(own) };
  });
}

/** Areas under the curves of runs against random order, in points of probability; only those that every run has. */
function curvesOfRuns(runs: readonly RunUse[], questions: readonly Question[], options: ResampleOptions): Record<string, Difference> {
  const names = Object.keys(runs[0]?.areas ?? {}).filter((name) => runs.every(({ areas }) => name in areas));
  const mean = (name: string): Float64Array => runs[0].areas[name].map((_, at) => runs.reduce((sum, { areas }) => sum + areas[name][at], 0) / runs.length); // prettier-ignore
  const gains = curveGains(Object.fromEntries(names.map((name) => [name, mean(name)])), questions, options);
  const ofEach = runs.map(({ areas }) => curveGains(areas, questions, { ...options, resamples: 1 }));
  return Object.fromEntries(
    Object.entries(gains).map(([name, { gain }]) => {
      const [difference, low, high] = [gain.mean, gain.low, gain.high].map((share) => 100 * share);
      return [
        name,
        { difference, low, high, p: gain.p, adjusted: gain.p, pairs: ofEach.map((run) => 100 * run[name].gain.mean), mcnemar: [] },
      ];
    }),
  );
}
