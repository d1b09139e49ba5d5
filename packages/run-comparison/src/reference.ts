import { presentName } from '@tass/config';
import { didYouMean } from '@tass/program';
import { ComparisonError } from './comparison-error';

/** The names by which a reference can be chosen. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly runs: readonly string[]; // ids
}

/**
 * The id of the method that `wanted` names: by its name, its id, a run's id or the end of one, or its experiment. Throws ComparisonError
 * unless exactly one fits.
 */
export function findReference(wanted: string, candidates: readonly Candidate[]): string {
  const ways: ((candidate: Candidate) => boolean)[] = [
    ({ name, id }) => name === wanted || id === wanted,
    ({ runs }) => runs.includes(wanted),
    ({ experiment }) => experiment === presentName(wanted),
    ({ runs }) => runs.some((run) => run.startsWith(wanted) || run.endsWith(wanted)),
  ];
  const fitting = ways.map((fits) => candidates.filter(fits)).find((found) => found.length > 0) ?? [];
  if (fitting.length === 1) return fitting[0].id;
  const names = candidates.map(({ name }) => name);
  if (fitting.length > 1)
    throw new ComparisonError(
      `${fitting.length} methods fit the reference ${wanted}: ${fitting.map(({ name }) => name).join('; ')}. Give a name`,
    );
  throw new ComparisonError(`no method here is the reference ${wanted}. There are ${names.join('; ')}.${didYouMean(wanted, names)}`);
}
