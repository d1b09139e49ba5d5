import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { namesOf } from '@tass/config';
import { didYouMean } from '@tass/program';
import { readRun, type RunRecord } from './run';
import { RunError } from './run-error';
import { isLocked } from './run-lock';

/**
 * The run that `idOrPath` names: its folder (from the working directory or from `runsRoot`), its id, or the beginning or end of its id
 * when only one has it. Throws RunError with the runs that fit, or the newest ones.
 */
export function findRun(runsRoot: string, idOrPath: string): RunRecord {
  for (const folder of [idOrPath, join(runsRoot, idOrPath)]) if (isRun(folder)) return readRun(folder);

  const folders = runFolders(runsRoot);
  const ids = folders.map((folder) => basename(folder));
  const exact = folders.filter((folder) => basename(folder) === idOrPath);
  const fitting = exact.length > 0 ? exact : folders.filter((_, index) => ids[index].startsWith(idOrPath) || ids[index].endsWith(idOrPath));
  if (fitting.length === 1) return readRun(fitting[0]);

  const listed = (some: readonly string[]) => some.slice(0, 5).map((folder) => relative(runsRoot, folder)).join(', '); // prettier-ignore
  if (fitting.length > 1)
    throw new RunError(`${fitting.length} runs in ${runsRoot} fit ${idOrPath}: ${listed(fitting)}. Give more of the id`);
  if (folders.length === 0)
    throw new RunError(`there is no run ${idOrPath}: ${runsRoot} holds no runs. Train one: npx nx run trainer:train --exp=quickstart`);
  throw new RunError(`there is no run ${idOrPath} in ${runsRoot}. Newest: ${listed(folders)}.${didYouMean(idOrPath, ids)}`);
}

export interface ListedRuns {
  readonly runs: readonly RunRecord[]; // the newest first
  readonly damaged: readonly { readonly folder: string; readonly error: RunError }[];
}

/** All runs below `runsRoot`; one whose manifest is damaged does not stand in the way of the others. */
export function listRuns(runsRoot: string): ListedRuns {
  const runs: RunRecord[] = [];
  const damaged: { folder: string; error: RunError }[] = [];
  for (const folder of runFolders(runsRoot))
    try {
      runs.push(readRun(folder));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      damaged.push({ folder, error });
    }
  return { runs, damaged };
}

/** The newest run of an experiment, also under its former name, that is not finished and that no process works on. */
export function latestResumable(runsRoot: string, experiment: string): RunRecord | undefined {
  const names = namesOf(experiment);
  const free = newestFirst(names.flatMap((name) => collect(join(runsRoot, name)))).filter((folder) => !isLocked(folder));
  for (const folder of free) {
    const run = readRun(folder);
    if (!run.finished && names.includes(run.manifest.experiment)) return run;
  }
  return undefined;
}

const isRun = (folder: string): boolean => existsSync(join(folder, 'manifest.json'));

/** Run folders below `root`, the newest first: ids begin with their time. Names with a leading dot belong to sweeps and their cells. */
export const runFolders = (root: string): string[] => newestFirst(collect(root));

const newestFirst = (folders: readonly string[]): string[] => [...folders].sort((a, b) => (basename(a) < basename(b) ? 1 : -1));

function collect(folder: string): string[] {
  if (isRun(folder)) return [folder];
  if (!existsSync(folder)) return [];
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.flatMap(({ name }) => collect(join(folder, name)));
}
