import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { holderOf } from '@tass/files';
import { runFolders } from '../find-run';
import type { RunManifest } from '../manifest';
import { readRun } from '../run';
import { findExperiment, updateRun } from './api';
import type { MlflowClient } from './client';
import { runState, type RunState } from './run-state';
import { findParent } from './sweep-parent';

/**
 * Gives the MLflow run of a sweep the status that its cells have: RUNNING while the sweep or a run of it does, FINISHED when a finished run of
 * each cell is there, FAILED when one failed for good, else KILLED. Does nothing where no run of it was sent yet. `isOver`: this process,
 * which ran the sweep and still holds its lock, is done. Throws MlflowError.
 */
export async function syncSweep(
  runsRoot: string,
  folder: string,
  client: MlflowClient,
  { isOver = false } = {},
): Promise<RunState | undefined> {
  const sweep = readSweep(folder);
  if (sweep === undefined) return undefined;
  const experimentId = await findExperiment(client, sweep.experiment);
  const parent = experimentId && (await findParent(client, experimentId, sweep.id));
  if (!parent) return undefined;
  const isLive = !isOver && holderOf(folder, { file: 'sweep.lock', what: 'the sweep' }) !== undefined;
  const { state, time } = isLive ? { state: 'RUNNING' as const, time: undefined } : endOf(sweep.cells, runsRoot);
  if (parent.status !== state) await updateRun(client, parent.id, state, time);
  return state;
}

/** The folders of the sweeps that these runs were made for. */
export function sweepsOf(folders: readonly string[], runsRoot: string): string[] {
  const sweeps = folders.flatMap((folder) => manifestOf(folder)?.sweep ?? []);
  return [...new Set(sweeps.map(({ folder }) => resolve(runsRoot, folder)))];
}

/** Undefined for a damaged run: sending it has said so. */
function manifestOf(folder: string): RunManifest | undefined {
  try {
    return readRun(folder).manifest;
  } catch {
    return undefined;
  }
}

interface SweepCells {
  readonly id: string;
  readonly experiment: string;
  readonly cells: readonly string[]; // addresses
}

/** What of sweep.json counts here; undefined where it cannot be read: @tass/sweep will say so. */
function readSweep(folder: string): SweepCells | undefined {
  const file = join(folder, 'sweep.json');
  if (!existsSync(file)) return undefined;
  try {
    const {
      id = basename(folder),
      experiment,
      cells,
    } = JSON.parse(readFileSync(file, 'utf8')) as { id?: string; experiment: string; cells: { address: string }[] };
    return { id, experiment, cells: cells.map(({ address }) => address) };
  } catch {
    return undefined;
  }
}

/** Cells may have been computed for another sweep, and several times: the best of a cell's runs counts. */
function endOf(cells: readonly string[], runsRoot: string): { state: RunState; time: number | undefined } {
  const order: readonly RunState[] = ['RUNNING', 'FINISHED', 'FAILED', 'KILLED'];
  const best = new Map<string, RunState>();
  let last = 0;
  for (const folder of runFolders(runsRoot)) {
    const cell = manifestOf(folder)?.cell;
    if (cell === undefined || !cells.includes(cell)) continue;
    const { state, time = 0 } = runState(folder);
    last = Math.max(last, time);
    const known = best.get(cell) ?? 'KILLED';
    best.set(cell, order.indexOf(state) < order.indexOf(known) ? state : known);
  }
  const states = cells.map((address) => best.get(address) ?? 'KILLED');
  const state = (['RUNNING', 'FAILED', 'KILLED'] as const).find((one) => states.includes(one)) ?? 'FINISHED';
  return { state, time: state === 'RUNNING' ? undefined : last || Date.now() };
}
