import { existsSync, readFileSync } from 'node:fs';
import { curveGains, holm, useOfRuns, type MarkedUse, type ResampleOptions } from '@tass/evaluation';
import type { Question } from '@tass/dataset-music-avqa';
import { runFiles, USE_VERSION } from '@tass/experiment';
import { readSealed } from '@tass/files';
import type { MethodRow } from '@tass/leaderboard';
import { shellWord } from '@tass/program';
import { RunError } from '@tass/tracking';
import type { BoardRun } from './board';
import type { Page } from './page';

type Difference = NonNullable<MethodRow['use']>['differences'][string];

/** What a run answered without its grounding. */
export interface RunUse {
  readonly without: MarkedUse['without']; // marks [questions] by what was done to it
  readonly areas: Readonly<Record<string, Float64Array>>; // under its curves by name, [questions], NaN where they are not of the sample
}

/**
 * Null where it was not measured. `epoch`: the run's scored one. Throws RunError for a damaged file, and one of other questions, another epoch or version.
 */
export function readUse(folder: string, { split, questions }: Pick<Page, 'split' | 'questions'>, epoch: number | null): RunUse | null {
  const file = runFiles.use(folder, split);
  if (!existsSync(file)) return null;
  const refuse = (problem: string): never => {
    const again = `npx nx run evaluator:evaluate ${shellWord(`--run=${folder}`)} --split=${split} --use`;
    throw new RunError(`${file}: ${problem}. Make it again: ${again}; or delete it`);
  };
  let kept: KeptUse;
  try {
    kept = readSealed(readFileSync(file, 'utf8')).content as KeptUse;
  } catch (error) {
    return refuse(`cannot be read (${(error as Error).message})`);
  }
  if (kept?.version !== USE_VERSION) refuse(`it is of version ${kept?.version}, expected ${USE_VERSION}`);
  if (kept.epoch !== epoch) refuse(`it is of epoch ${kept.epoch}, the run was scored at ${epoch}`);
  try {
    const place = new Map(kept.questions.map((id, at) => [id, at]));
    const marksOf = (right: string): Uint8Array => Uint8Array.from(questions, ({ id }) => markAt(right, place.get(id), id));
    const { questions: sample = [], ...areas } = kept.areas ?? {};
    const ofSample = new Map(sample.map((id, at) => [id, at]));
    const areasOf = (values: readonly number[]): Float64Array =>
      Float64Array.from(questions, ({ id }) => values[ofSample.get(id) ?? -1] ?? NaN);
    return {
      without: Object.fromEntries(Object.entries(kept.right).map(([name, right]) => [name, marksOf(right)])),
      areas: Object.fromEntries(Object.entries(areas).map(([name, values]) => [name, areasOf(values)])),
    };
  } catch (error) {
    return refuse(`cannot be read (${(error as Error).message})`);
  }
}

interface KeptUse {
  readonly version: number;
  readonly epoch: number;
  readonly questions: readonly number[]; // ids
  readonly right: Readonly<Record<string, string>>;
  readonly areas?: { readonly questions: readonly number[] } & Readonly<Record<string, readonly number[]>>;
}

function markAt(right: string, at: number | undefined, id: number): number {
  const mark = at === undefined ? undefined : right[at];
  if (mark !== '0' && mark !== '1') throw new Error(`question ${id} has no mark of 0 or 1`);
  return Number(mark);
}

/** The use of each method's grounding, with Holm's correction over methods and what was done to them. */
export function useOfMethods(
  methods: readonly { readonly runs: readonly BoardRun[] }[],
  questions: readonly Question[],
  options: ResampleOptions,
): MethodRow['use'][] {
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
    return own.length === 0 ? undefined : { runs, differences: Object.fromEntries(own) };
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
