import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '@tass/config';
import { findRun, listRuns, type RunRecord } from '@tass/tracking';
import { EvaluatorError } from '../evaluator-error';
import type { LeftOut, RunsRequest } from './request';

export interface SelectedRuns {
  readonly records: readonly RunRecord[]; // the newest first
  readonly leftOut: readonly LeftOut[];
  readonly firstCell: string | undefined; // address of the first cell of the sweep asked for
}

/** The runs below `runsRoot` that are asked for. Throws EvaluatorError for an experiment or a sweep that is not there, RunError for a run. */
export function selectRuns(
  runsRoot: string,
  { experiments, sweep, named }: Pick<RunsRequest, 'experiments' | 'sweep' | 'named'>,
): SelectedRuns {
  if (sweep !== undefined) return runsOfSweep(runsRoot, sweep);
  const records = named ? namedRuns(runsRoot, named) : experiments ? runsOf(runsRoot, experiments) : listRuns(runsRoot);
  return { records, leftOut: [], firstCell: undefined };
}

/** Each once, the newest first. */
function namedRuns(runsRoot: string, named: readonly string[]): RunRecord[] {
  const runs = new Map(named.map((name) => findRun(runsRoot, name)).map((run) => [realpathSync(run.folder), run]));
  return [...runs.values()].sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? 1 : -1));
}

function runsOf(runsRoot: string, experiments: readonly string[]): RunRecord[] {
  const all = listRuns(runsRoot);
  const known = [...new Set(all.map(({ manifest }) => manifest.experiment))].sort();
  for (const name of experiments) {
    if (known.includes(name)) continue;
    const there = known.length === 0 ? 'There are no runs at all' : `There are runs of ${known.join(', ')}`;
    throw new EvaluatorError(`there is no run of ${name} in ${runsRoot}. ${there}.${didYouMean(name, known)}`);
  }
  return all.filter(({ manifest }) => experiments.includes(manifest.experiment));
}

interface SweepFile {
  readonly cells: readonly { readonly address: string; readonly name: string }[];
}

/** A cell is told by its address, which the manifest of its run holds; so a cell that an earlier sweep has computed counts too. */
function runsOfSweep(runsRoot: string, id: string): SelectedRuns {
  const { cells } = readSweep(runsRoot, id);
  const records = listRuns(runsRoot).filter(({ manifest }) => cells.some(({ address }) => address === manifest.cell));
  const open = cells.filter(({ address }) => !records.some(({ manifest, finished }) => finished && manifest.cell === address));
  return { records, leftOut: open.map(({ name }) => ({ run: name, reason: 'this cell of the sweep has no finished run' })), firstCell: cells[0]?.address }; // prettier-ignore
}

function readSweep(runsRoot: string, id: string): SweepFile {
  const root = join(runsRoot, '.sweeps');
  const folders = foldersWith(root, 'sweep.json', '');
  const ids = folders.map((folder) => folder.split('/').at(-1) as string);
  const fitting = folders.filter((folder, at) => folder === id || ids[at] === id);
  const near = fitting.length > 0 ? fitting : folders.filter((_, at) => ids[at].startsWith(id) || ids[at].endsWith(id));
  if (near.length !== 1) {
    const problem =
      near.length === 0 ? `there is no sweep ${id} in ${root}` : `${near.length} sweeps in ${root} fit ${id}: ${near.join(', ')}`;
    throw new EvaluatorError(
      `${problem}. ${folders.length === 0 ? 'It holds none' : `It holds ${folders.slice(-5).join(', ')}`}.${didYouMean(id, ids)}`,
    );
  }
  const file = join(root, near[0], 'sweep.json');
  try {
    const sweep = JSON.parse(readFileSync(file, 'utf8')) as SweepFile;
    if (!Array.isArray(sweep.cells) || !sweep.cells.every(({ address }) => typeof address === 'string'))
      throw new Error('it has no list of cells');
    return sweep;
  } catch (error) {
    throw new EvaluatorError(`${file} cannot be read (${(error as Error).message}). Run the sweep again: it writes the file anew`);
  }
}

/** Folders below `root` that hold a file of that name, by their path from `root`. */
function foldersWith(root: string, file: string, path: string): string[] {
  const folder = join(root, path);
  if (!existsSync(folder)) return [];
  if (existsSync(join(folder, file))) return [path];
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => foldersWith(root, file, path === '' ? name : `${path}/${name}`)).sort();
}
