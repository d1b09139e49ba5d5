import { basename } from 'node:path';
import { findSweep, listSweeps, SweepError, unfinishedSweeps, type Sweep } from '@tass/sweep';

/** The sweep that a word of `train --resume` names: its id or folder, its grid, or the folder or address of one of its cells. */
export function sweepNamed(word: string, runs: string): Sweep | undefined {
  const name = basename(word);
  const ofCell = ifReadable(() => listSweeps(runs).find(({ cells }) => cells.some(({ address }) => address === name)));
  return ofCell ?? ifReadable(() => findSweep(runs, word)) ?? ifReadable(() => findSweep(runs, name));
}

export const unfinishedSweepOf = (experiment: string, runs: string): Sweep | undefined =>
  ifReadable(() => unfinishedSweeps(runs, experiment)[0]);

/** Undefined if there is no such sweep or one is damaged: the caller reports another error. */
function ifReadable(find: () => Sweep | undefined): Sweep | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof SweepError) return undefined;
    throw error;
  }
}
