import { basename, join, resolve } from 'node:path';
import { trySealedFile } from '@tass/files';
import type { RunManifest } from '../manifest';

/** The parts of sweep.json that are used here. */
export interface SweepRecord {
  readonly id: string;
  readonly experiment: string;
  readonly title: string; // of the experiment; its name in sweeps from before titles were recorded
  readonly words: readonly string[]; // of the command line
  readonly cells: readonly SweepCell[]; // the first of equal cells, which share an address, run once and count once
}

export interface SweepCell {
  readonly address: string;
  readonly name: string; // experiment and coordinates
  readonly title?: string; // of its experiment
  readonly overrides: readonly string[]; // a later one counts; older sweeps lack titles and the words of the command line
}

/** Undefined if it is missing or unreadable; @tass/sweep reports that. */
export function readSweep(folder: string): SweepRecord | undefined {
  const read = trySealedFile(join(folder, 'sweep.json'));
  if (read === undefined) return undefined;
  try {
    const written = read.content as Omit<SweepRecord, 'words'> & { grid?: { overrides?: string[] } | null };
    const { id = basename(folder), experiment, title = experiment } = written;
    const cells = written.cells.map((cell) => ({ ...cell, name: cell.name ?? cell.address, overrides: cell.overrides ?? [] }));
    return { id, experiment, title, words: written.grid?.overrides ?? [], cells: firstOfEach(cells) };
  } catch {
    return undefined;
  }
}

function firstOfEach(cells: readonly SweepCell[]): SweepCell[] {
  const seen = new Set<string>(); // addresses
  return cells.filter(({ address }) => !seen.has(address) && seen.add(address));
}

export const runsRootOf = (folder: string, { experiment }: RunManifest): string =>
  resolve(folder, '..', ...experiment.split('/').map(() => '..'));

/** The folder of the sweep that a run was made for. */
export const sweepFolderOf = (folder: string, manifest: RunManifest): string | undefined =>
  manifest.sweep && resolve(runsRootOf(folder, manifest), manifest.sweep.folder);
