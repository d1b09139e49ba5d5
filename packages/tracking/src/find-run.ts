import { existsSync, realpathSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { namesOf } from '@tass/config';
import { foldersBelow } from '@tass/files';
import { didYouMean, expandHome } from '@tass/program';
import { readRun, type RunRecord } from './run';
import { NoRunError, RunError } from './run-error';

/**
 * The run that `idOrPath` names: by its folder (relative to the working directory, `~` or `runsRoot`), its id, or a unique beginning or end
 * of its id. Throws RunError that lists the matching runs, or NoRunError that lists the newest ones.
 */
export function findRun(runsRoot: string, idOrPath: string): RunRecord {
  for (const folder of [expandHome(idOrPath, 'the run'), join(runsRoot, idOrPath)]) if (isRun(folder)) return readRun(folder);

  const folders = runFolders(runsRoot);
  const ids = folders.map(idOf);
  const exact = folders.filter((folder, index) => [ids[index], basename(folder)].includes(idOrPath));
  const fitting = exact.length > 0 ? exact : folders.filter((_, index) => ids[index].startsWith(idOrPath) || ids[index].endsWith(idOrPath));
  if (fitting.length === 1) return readRun(fitting[0]);

  const listed = (some: readonly string[]) => some.slice(0, 5).map((folder) => relative(runsRoot, folder)).join(', '); // prettier-ignore
  if (fitting.length > 1)
    throw new RunError(`${fitting.length} runs in ${runsRoot} fit ${idOrPath}: ${listed(fitting)}. Give more of the id`);
  if (folders.length === 0)
    throw new NoRunError(`there is no run ${idOrPath}: ${runsRoot} has no runs. Train one: npx nx run trainer:train --exp=quickstart`);
  throw new NoRunError(`there is no run ${idOrPath} in ${runsRoot}. Newest: ${listed(folders)}.${didYouMean(idOrPath, ids)}`);
}

export interface ListedRuns {
  readonly runs: readonly RunRecord[]; // the newest first
  readonly damaged: readonly { readonly folder: string; readonly error: RunError }[]; // including broken links
}

/** All runs below `runsRoot`; a damaged manifest does not affect the other runs. */
export function listRuns(runsRoot: string): ListedRuns {
  const { folders, lost } = foldersBelow(runsRoot, isRun);
  const damaged = lost.map(({ path, reason }) => ({ folder: path, error: new RunError(`${path} ${reason}`) }));
  const runs: RunRecord[] = [];
  for (const folder of newestFirst(folders.filter(isRun)))
    try {
      runs.push(readRun(folder));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      damaged.push({ folder, error });
    }
  return { runs, damaged };
}

/** The unfinished runs of an experiment, also under its former name. Check a run's lock to see whether a process works on it. */
export function unfinishedRuns(runsRoot: string, experiment: string): ListedRuns {
  const names = namesOf(experiment);
  const listed = names.map((name) => listRuns(join(runsRoot, name)));
  const runs = listed.flatMap((each) => each.runs).filter(({ finished, manifest }) => !finished && names.includes(manifest.experiment));
  return {
    runs: runs.sort((one, other) => (idOf(one.folder) < idOf(other.folder) ? 1 : -1)),
    damaged: listed.flatMap((each) => each.damaged),
  };
}

const isRun = (folder: string): boolean => existsSync(join(folder, 'manifest.json'));

/** The real name of a run's folder, even if a link has another name. */
function idOf(folder: string): string {
  try {
    return basename(realpathSync(folder));
  } catch {
    return basename(folder); // deleted meanwhile
  }
}

/** Run folders below `root`, newest first. Names with a leading dot belong to sweeps and cells. */
export const runFolders = (root: string): string[] => newestFirst(foldersBelow(root, isRun).folders.filter(isRun));

/** Ids start with the time on the machine where the run started, whose clock may have been wrong. */
const newestFirst = (folders: readonly string[]): string[] =>
  folders.map((folder) => ({ folder, id: idOf(folder) })).sort((a, b) => (a.id < b.id ? 1 : -1)).map(({ folder }) => folder); // prettier-ignore
