import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { namesOf } from '@tass/config';
import { didYouMean, nearest, shellWord } from '@tass/program';
import { findSweep, listSweeps } from '@tass/sweep';
import { findRun, listRuns, RunError, type RunRecord } from '@tass/tracking';
import { ComparisonError } from './comparison-error';
import { leftOutBy, type LeftOut } from './left-out';
import type { RunsRequest } from './request';

export interface SelectedRuns {
  readonly records: readonly RunRecord[]; // the newest first
  readonly leftOut: readonly LeftOut[];
  readonly firstCell: string | undefined; // address of the requested sweep's first cell
}

/** The requested runs below `runsRoot`. Throws ComparisonError for an unknown experiment, RunError for a run, SweepError for a sweep. */
export function selectRuns(
  runsRoot: string,
  { experiments, sweep, named }: Pick<RunsRequest, 'experiments' | 'sweep' | 'named'>,
): SelectedRuns {
  if (sweep !== undefined) return runsOfSweep(runsRoot, sweep);
  if (named) return { records: namedRuns(runsRoot, named), leftOut: [], firstCell: undefined };
  const { records, leftOut } = allRuns(runsRoot);
  return { records: experiments ? ofExperiments(records, experiments, runsRoot) : records, leftOut, firstCell: undefined };
}

/** Every run, the newest first, but those whose manifest is damaged. */
function allRuns(runsRoot: string): Pick<SelectedRuns, 'records' | 'leftOut'> {
  const { runs, damaged } = listRuns(runsRoot);
  return { records: runs, leftOut: damaged.map(({ folder, error }) => leftOutBy(error, folder, basename(folder))) };
}

/** Each once, the newest first. */
function namedRuns(runsRoot: string, named: readonly string[]): RunRecord[] {
  const runs = new Map(named.map((name) => namedRun(runsRoot, name)).map((run) => [realpathSync(run.folder), run]));
  return [...runs.values()].sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? 1 : -1));
}

/** Suggests --sweep for a name that is, or nearly is, that of a grid with sweeps. */
function adviceOfSweep(runsRoot: string, name: string): string | undefined {
  const sweeps = listSweeps(runsRoot);
  if (sweeps.some(({ id, experiment }) => id.startsWith(name) || namesOf(name).includes(experiment))) return `Write ${shellWord(`--sweep=${name}`)}`; // prettier-ignore
  const grid = nearest(name, new Set(sweeps.map(({ experiment }) => experiment)));
  return grid && `Did you mean ${shellWord(`--sweep=${grid}`)}?`;
}

function namedRun(runsRoot: string, name: string): RunRecord {
  try {
    return findRun(runsRoot, name);
  } catch (error) {
    const advice = error instanceof RunError ? adviceOfSweep(runsRoot, name) : undefined;
    throw advice ? new ComparisonError(`${(error as RunError).message} ${advice}`) : error;
  }
}

function ofExperiments(all: readonly RunRecord[], experiments: readonly string[], runsRoot: string): RunRecord[] {
  const known = [...new Set(all.map(({ manifest }) => manifest.experiment))].sort();
  for (const name of experiments) {
    if (namesOf(name).some((each) => known.includes(each))) continue;
    if (listSweeps(runsRoot, name).length > 0)
      throw new ComparisonError(
        `there is no run of ${name} in ${runsRoot}: it is a grid, whose runs belong to its experiments. Write ${shellWord(`--sweep=${name}`)}`,
      );
    const there = known.length === 0 ? 'There are no runs at all' : `There are runs of ${known.join(', ')}`;
    const advice = didYouMean(name, known).trim() || adviceOfSweep(runsRoot, name);
    throw new ComparisonError(`there is no run of ${name} in ${runsRoot}. ${there}.${advice ? ` ${advice}` : ''}`);
  }
  const names = experiments.flatMap(namesOf);
  return all.filter(({ manifest }) => names.includes(manifest.experiment));
}

/** Finds a cell's runs by the address in their manifests, so cells computed by an earlier sweep count too. */
function runsOfSweep(runsRoot: string, id: string): SelectedRuns {
  const all = allRuns(runsRoot);
  if (all.records.some(({ manifest }) => manifest.experiment === id) && listSweeps(runsRoot, id).length === 0)
    throw new ComparisonError(`there is no sweep ${id}; there are runs of the experiment ${id}. Write ${shellWord(`--exp=${id}`)}`);
  const { cells } = findSweep(runsRoot, id);
  const records = all.records.filter(({ manifest }) => cells.some(({ address }) => address === manifest.cell));
  const isDone = (address: string): boolean => records.some(({ manifest, finished }) => finished && manifest.cell === address);
  const open = cells.filter(({ address }) => !isDone(address));
  const leftOut = [...open.map(({ name }) => ({ run: name, reason: 'this cell of the sweep has no finished run' })), ...all.leftOut];
  return { records: records.filter(({ finished }) => finished), leftOut, firstCell: cells[0]?.address };
}
