import { join, relative } from 'node:path';
import { shellWord } from '@tass/program';
import { differentCells, readCellStatus, type Cell } from '@tass/sweep';
import { codeFolder, codeRevision, readRun, RunError, type RunRecord } from '@tass/tracking';
import { trainingCode } from './training-code';

type Manifest = RunRecord['manifest'];

/**
 * Whether a run's training began with the code of now, whose digest is `now`. Runs from before digests have a commit; with another one, or
 * with changed sources, the code is unknown.
 */
export function codeOf({ trainingCode: begunWith, code }: Manifest, now: string): 'same' | 'other' | 'unknown' {
  if (begunWith !== undefined) return begunWith === now ? 'same' : 'other';
  const present = presentCode();
  const isKnown = code !== null && present !== null && !code.dirty && !present.dirty;
  return isKnown && code.commit === present.commit ? 'same' : 'unknown';
}

/** Of this checkout, asked of git once. */
let asked: ReturnType<typeof codeRevision> | undefined;
const presentCode = (): Manifest['code'] => (asked ??= codeRevision(codeFolder)).code;

/** A cell and the network that it trains. */
export type TrainedCell = Cell & { readonly network: string };

/** A line about finished cells that ran with other code than they would now, and how to run them again. Undefined if there are none. */
export function otherCode(cells: readonly TrainedCell[], runs: string): string | undefined {
  const finished = differentCells(cells).flatMap((cell) => {
    const manifest = manifestOf(cell.folder, runs);
    return manifest ? [{ ...cell, code: codeOf(manifest, trainingCode(cell.network)) }] : [];
  });
  const [other, unknown] = (['other', 'unknown'] as const).map((wanted) => finished.filter(({ code }) => code === wanted));
  const ofAll = (some: readonly unknown[]): string => `${some.length} of ${finished.length} finished cells`;
  const parts = [
    ...(other.length > 0 ? [`${ofAll(other)} ran with other code (${listed(other)})`] : []),
    ...(unknown.length > 0
      ? [`${ofAll(unknown)} may have, as their commit is unknown or another, or sources have changed (${listed(unknown)})`]
      : []),
  ];
  if (parts.length === 0) return undefined;
  const facts = other.length > 0 ? parts.join('; ') : parts[0].replace('may have,', 'may have run with other code,');
  return `${facts}. To run them again, delete their folders (rm -r ${foldersOf([...other, ...unknown], runs)}) or give the network a new name`;
}

/** The run that finished the cell. */
function manifestOf(folder: string, runs: string): Manifest | undefined {
  const { state, attempts } = readCellStatus(folder);
  const run = attempts.find(({ end }) => end?.state === 'succeeded')?.run;
  if (state !== 'succeeded' || run === undefined) return undefined;
  try {
    return readRun(join(runs, run)).manifest;
  } catch (error) {
    if (error instanceof RunError) return undefined; // deleted or damaged meanwhile
    throw error;
  }
}

const listed = (cells: readonly TrainedCell[]): string =>
  `${cells.slice(0, 2).map(({ name }) => name).join(', ')}${cells.length > 2 ? ` and ${cells.length - 2} more` : ''}`; // prettier-ignore

/** As a pattern of the shell: twelve digits of an address belong to one cell. */
function foldersOf(cells: readonly TrainedCell[], runs: string): string {
  const beginnings = cells.map(({ address }) => address.slice(0, 12));
  const pattern = beginnings.length === 1 ? beginnings[0] : `{${beginnings.join()}}`;
  return `${shellWord(join(relative('', runs), '.cells'))}/${pattern}*`;
}
