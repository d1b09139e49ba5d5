import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { namesOf } from '@tass/config';
import {
  fileErrorsAs,
  foldersBelow,
  lockFolder,
  makeFolders,
  onDisk,
  readSealedFile,
  sealedJson,
  syncFolder,
  writeFileAtomically,
} from '@tass/files';
import { didYouMean } from '@tass/program';
import { staysInside } from './attempt-files';
import { cellFolder } from './cell';
import { readCellStatus } from './cell-state';
import { differentCells } from './equal-cells';
import { SweepError } from './sweep-error';

/** A cell in a sweep's record. */
export interface RecordedCell {
  readonly address: string;
  readonly name: string;
  readonly title?: string; // of its experiment; unknown for older sweeps
  readonly overrides: readonly string[];
  readonly seed: number | null;
}

export interface SweepRecord {
  readonly id: string; // starts with its time, so that ids sort by age
  readonly experiment: string; // of the grid
  readonly title?: string; // of that experiment; unknown for older sweeps
  readonly createdAt: string; // ISO 8601, UTC
  readonly grid: unknown; // as JSON
  readonly cells: readonly RecordedCell[];
  readonly launcher: string; // its description
}

export interface Sweep extends SweepRecord {
  readonly folder: string;
  readonly isChecked: boolean; // false: written before sweeps had check values
}

const sweepsRoot = (runsRoot: string): string => join(runsRoot, '.sweeps');

const newId = (now: Date): string =>
  `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(3).toString('hex')}`;

/** Makes `<runs>/.sweeps/<experiment>/<id>/sweep.json`. Throws SweepError if the name leads out of the folder; DiskError. */
export function createSweep(runsRoot: string, wanted: Omit<SweepRecord, 'id' | 'createdAt'>): Sweep {
  if (!staysInside(wanted.experiment)) throw new SweepError(`experiment ${wanted.experiment} leads out of ${sweepsRoot(runsRoot)}`);
  const parent = join(sweepsRoot(runsRoot), wanted.experiment);
  const now = new Date();
  return onDisk(`cannot make a sweep in ${parent}`, runsRoot, () => {
    makeFolders(parent);
    const id = makeFolder(parent, now);
    const folder = join(parent, id);
    const record: SweepRecord = { id, createdAt: now.toISOString(), ...wanted };
    writeFileAtomically(join(folder, 'sweep.json'), sealedJson(record));
    syncFolder(parent);
    return { ...record, folder, isChecked: true };
  });
}

/** Not `recursive`: that would take an existing folder for a new one. */
function makeFolder(parent: string, now: Date): string {
  for (;;) {
    const id = newId(now);
    try {
      mkdirSync(join(parent, id));
      return id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Locks the sweep for this process; returns the function that releases it. Throws LockError if another process runs the sweep; DiskError.
 */
export function lockSweep({ folder }: Sweep): () => void {
  return lockFolder(folder, { file: 'sweep.lock', what: 'the sweep' });
}

/**
 * All sweeps in the runs folder, or those of one experiment (also under its former name), newest first. Throws SweepError for a damaged
 * sweep.json or a broken link.
 */
export function listSweeps(runsRoot: string, experiment?: string): Sweep[] {
  const root = sweepsRoot(runsRoot);
  const isAsked = (name: string): boolean => experiment === undefined || namesOf(experiment).includes(name);
  const { folders, lost } = foldersBelow(root, isSweep);
  const [gone] = lost.filter(({ path }) => [path, dirname(path)].some((each) => isAsked(nameBelow(root, each))));
  if (gone) throw new SweepError(`${gone.path} ${gone.reason}. Restore its target, or delete the link`);
  return folders
    .filter(isSweep)
    .map((folder) => placeOf(folder, root))
    .filter(({ of }) => of === undefined || isAsked(of))
    .sort((a, b) => (basename(a.real) < basename(b.real) ? 1 : -1))
    .map(readSweep)
    .filter((sweep) => isAsked(sweep.experiment));
}

/**
 * The sweep with that id, or the only one whose id starts with it, or the newest sweep of the grid with that name. Throws SweepError that
 * lists the matching sweeps, or the newest ones.
 */
export function findSweep(runsRoot: string, idOrBeginning: string, experiment?: string): Sweep {
  const sweeps = listSweeps(runsRoot, experiment);
  const newest = sweeps.find(({ experiment: name }) => namesOf(idOrBeginning).includes(name));
  if (newest) return newest;
  const exact = sweeps.filter(({ id }) => id === idOrBeginning);
  const fitting = exact.length > 0 ? exact : sweeps.filter(({ id }) => id.startsWith(idOrBeginning));
  if (fitting.length === 1) return fitting[0];
  const listed = (some: readonly Sweep[]) => some.slice(0, 5).map(({ id, experiment }) => `${id} (${experiment})`).join(', '); // prettier-ignore
  if (fitting.length > 1) {
    throw new SweepError(`${fitting.length} sweeps begin with ${idOrBeginning}: ${listed(fitting)}. Give more of the id`);
  }
  const of = experiment === undefined ? '' : ` of ${experiment}`;
  const guess = didYouMean(idOrBeginning, sweeps.flatMap((sweep) => [sweep.experiment, sweep.id])); // prettier-ignore
  const known = sweeps.length > 0 ? `Newest: ${listed(sweeps)}.${guess}` : 'There are none yet';
  throw new SweepError(`there is no sweep ${idOrBeginning}${of}. ${known}`);
}

/**
 * The sweeps of an experiment with unfinished cells, newest first. `done` of their `total` cells have succeeded; equal cells count once.
 */
export function unfinishedSweeps(runsRoot: string, experiment: string): (Sweep & { readonly done: number; readonly total: number })[] {
  const isDone = ({ address }: RecordedCell): boolean => readCellStatus(cellFolder(runsRoot, address)).state === 'succeeded';
  const counted = listSweeps(runsRoot, experiment).map((sweep) => {
    const cells = differentCells(sweep.cells);
    return { ...sweep, done: cells.filter(isDone).length, total: cells.length };
  });
  return counted.filter(({ done, total }) => done < total);
}

interface SweepPlace {
  readonly folder: string;
  readonly real: string; // without links
  readonly of: string | undefined; // the experiment, from the folder; undefined if a link leads elsewhere
}

function placeOf(folder: string, root: string): SweepPlace {
  const real = realpathSync(folder);
  const of = nameBelow(realpathSync(root), dirname(real));
  return { folder, real, of: staysInside(of) ? of : undefined };
}

const nameBelow = (root: string, folder: string): string => relative(root, folder).split(sep).join('/');

const isSweep = (folder: string): boolean => existsSync(join(folder, 'sweep.json'));

function readSweep({ folder, real, of }: SweepPlace): Sweep {
  const file = join(folder, 'sweep.json');
  const remedy = 'Delete its folder and start the sweep again: cells that have succeeded are not run again';
  const { content, isChecked } = fileErrorsAs(SweepError, () => readSealedFile(file, remedy));
  const record = (content ?? {}) as SweepRecord;
  const isHere = of === undefined ? real.endsWith(join(sep, String(record.experiment), String(record.id))) : record.experiment === of;
  const isWhole = record.id === basename(real) && isHere && Array.isArray(record.cells) && record.cells.every(isCell);
  if (!isWhole) throw new SweepError(`${file}: is not a sweep of this folder. ${remedy}`);
  return { ...record, folder, isChecked };
}

const isCell = (cell: Partial<RecordedCell> | null): boolean =>
  /^[0-9a-f]{32}$/.test(String(cell?.address)) && typeof cell?.name === 'string';
