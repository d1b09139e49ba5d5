import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesOf } from '@tass/config';
import { holderOf, lockFolder, readOwnText, mostBytes, type FolderLock } from '@tass/files';

/**
 * The folder of a sweep whose data are being made: `<runs>/.sweeps/.data-XXXXXX`, with the jobs and their logs. The sweep has no cells yet,
 * because their addresses depend on the data.
 */
export interface Preparation {
  readonly folder: string;
  readonly experiment: string; // that the sweep was started with
  readonly process: number; // its id
  readonly log: string | undefined; // of the newest job
}

const lock: FolderLock = { file: 'sweep.lock', what: 'the data of a sweep' };
const experimentFile = 'experiment.txt';
const beginning = '.data-';
const folderOf = (runs: string): string => join(runs, '.sweeps');

/** Makes the folder, locked by this process. `end` releases it, and deletes it unless its logs are to be kept. Throws DiskError. */
export function beginPreparation(
  runs: string,
  experiment: string,
): { readonly folder: string; readonly end: (how: { keep: boolean }) => void } {
  const parent = folderOf(runs);
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, beginning));
  const unlock = lockFolder(folder, lock);
  writeFileSync(join(folder, experimentFile), experiment);
  const end = ({ keep }: { keep: boolean }): void => {
    unlock();
    if (!keep) rmSync(folder, { recursive: true });
  };
  return { folder, end };
}

/** Those that a process works on, of one experiment or of all. */
export function preparationsOf(runs: string, experiment?: string): Preparation[] {
  const names = namesIn(folderOf(runs)).filter((name) => name.startsWith(beginning));
  return names.flatMap((name) => preparationIn(join(folderOf(runs), name)) ?? []).filter(isOf(experiment));
}

const isOf = (wanted: string | undefined) => ({ experiment }: Preparation): boolean => wanted === undefined || namesOf(wanted).includes(experiment); // prettier-ignore

/** Undefined for one that has ended, was killed, or begins just now. */
function preparationIn(folder: string): Preparation | undefined {
  try {
    const holder = holderOf(folder, lock);
    if (!holder) return undefined;
    const experiment = readOwnText(join(folder, experimentFile), mostBytes.small);
    const [log] = namesIn(folder).filter((name) => name.endsWith('.log')).sort((one, other) => parseInt(other) - parseInt(one)); // prettier-ignore
    return { folder, experiment, process: holder.pid, log: log === undefined ? undefined : join(folder, log) };
  } catch {
    return undefined; // deleted meanwhile
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there
  }
}
