import type { Question } from '@tass/dataset-music-avqa';
import { compareMethods, type MethodStatistics } from './compare-methods';
import type { ResampleOptions } from './video-resamples';

/** The alterations of a network's grounding at test, by their names in networks, in the order of tables. */
export const USE_NAMES: Readonly<Record<string, string>> = {
  'uniform-attention': 'attention made uniform',
  'swapped-attention': 'attention of another video',
  'uniform-map': 'map made uniform',
};

/** Marks of a run's answers [questions], 1 or 0, unaltered and for each alteration. */
export interface MarkedUse {
  readonly seed: number;
  readonly right: Uint8Array;
  readonly without: Readonly<Record<string, Uint8Array>>;
}

/**
 * Points of accuracy over all questions that runs of one method gain or lose by each alteration; each run is paired with itself. See
 * `compareMethods`. Only alterations of every run.
 */
export function useOfRuns(
  runs: readonly MarkedUse[],
  questions: readonly Question[],
  options: ResampleOptions,
): NonNullable<MethodStatistics['against']> {
  const done = Object.keys(USE_NAMES).filter((name) => runs.length > 0 && runs.every(({ without }) => name in without));
  if (done.length === 0) return {};
  const methods = [
    { id: '', runs: runs.map(({ seed, right }) => ({ seed, right })) },
    ...done.map((id) => ({ id, runs: runs.map(({ seed, without }) => ({ seed, right: without[id] })) })),
  ];
  const all = { id: 'All', header: 'All', group: 'All', description: '', total: questions.length } as const;
  const columns = { columns: [all], members: new Uint32Array(questions.length).fill(1) };
  const [, ...changed] = compareMethods(methods, '', questions, columns, options);
  return Object.fromEntries(changed.map(({ id, against }) => [id, against!.All]));
}
