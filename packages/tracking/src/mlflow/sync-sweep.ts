import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { holderOf } from '@tass/files';
import { findExperiment, getRun, logTags, updateRun, type RemoteRun } from './api';
import type { MlflowClient } from './client';
import { tag } from './limits';
import { giveName, sweepName } from './names';
import { readPosition } from './position';
import type { RunState } from './run-state';
import { sweepNote } from './sweep-note';
import { findParent } from './sweep-parent';
import { readSweep, runsRootOf, sweepFolderOf, type SweepRecord } from './sweep-record';
import { CellRuns, manifestOf, type RunOfCell } from './sweep-results';

interface Options {
  readonly isOver?: boolean; // this process, which ran the sweep and still holds its lock, is done
  readonly endedRun?: string; // the id of a run that has ended although this process still holds its lock
}

/**
 * Brings the MLflow run of a sweep up to date: its status, name, table and best run. It is RUNNING while the sweep or one of its runs is,
 * FINISHED if each cell has a finished run, FAILED if a cell has failed, else KILLED. Does nothing if no run of it has been sent. Several
 * processes may call this at once. Throws MlflowError.
 */
export async function syncSweep(
  runsRoot: string,
  folder: string,
  client: MlflowClient,
  options: Options = {},
): Promise<RunState | undefined> {
  const sweep = readSweep(folder);
  if (sweep === undefined) return undefined;
  const experimentId = await findExperiment(client, sweep.experiment);
  const parent = experimentId && (await findParent(client, experimentId, sweep.id));
  if (!parent) return undefined;
  await giveName(client, parent, sweepName(sweep), sweep.id);
  return sendWhatIsThere(sweep, parent, client, readerOf(sweep, folder, runsRoot, options));
}

/** The same for a run's sweep, once the run is over; does nothing for other runs. */
export async function syncSweepOf(runFolder: string, client: MlflowClient): Promise<void> {
  const manifest = manifestOf(runFolder);
  const sweepFolder = manifest && sweepFolderOf(runFolder, manifest);
  if (sweepFolder !== undefined) await syncSweep(runsRootOf(runFolder, manifest!), sweepFolder, client, { endedRun: manifest!.id });
}

/** The folders of the sweeps that these runs were made for. */
export function sweepsOf(folders: readonly string[], runsRoot: string): string[] {
  const sweeps = folders.flatMap((folder) => manifestOf(folder)?.sweep ?? []);
  return [...new Set(sweeps.map(({ folder }) => resolve(runsRoot, folder)))];
}

/** The state of a sweep in its folders at one moment. */
interface Reading {
  readonly isLive: boolean; // a process runs it
  readonly runs: ReadonlyMap<string, readonly RunOfCell[]>; // by the address of their cell
}

function readerOf({ cells }: SweepRecord, folder: string, runsRoot: string, { isOver = false, endedRun }: Options): () => Reading {
  const addresses = cells.map(({ address }) => address);
  const cellRuns = new CellRuns(addresses, runsRoot, endedRun);
  return () => ({
    isLive: !isOver && holderOf(folder, { file: 'sweep.lock', what: 'the sweep' }) !== undefined,
    runs: cellRuns.read(),
  });
}

/**
 * After writing, reads the folders again and writes again if they have changed. So the last writer has read the last state, without a lock
 * that a killed process could leave behind.
 */
async function sendWhatIsThere(sweep: SweepRecord, parent: RemoteRun, client: MlflowClient, read: () => Reading): Promise<RunState> {
  let known = parent;
  for (let reading = read(); ;) {
    const { state, time } = reading.isLive ? { state: 'RUNNING' as const, time: undefined } : endOf(reading);
    const hasWritten = [await sendState(known, state, time, client), await sendNote(sweep, reading, known, client)].some(Boolean);
    const before = reading;
    if (!hasWritten || isDeepStrictEqual((reading = read()), before)) return state;
    known = (await getRun(client, parent.id)) ?? known;
  }
}

/** False if the server has it already. */
async function sendState({ id, status }: RemoteRun, state: RunState, time: number | undefined, client: MlflowClient): Promise<boolean> {
  if (status === state) return false;
  await updateRun(client, id, state, time);
  return true;
}

/** False if the server has it already. */
async function sendNote(sweep: SweepRecord, { runs }: Reading, { id, tags }: RemoteRun, client: MlflowClient): Promise<boolean> {
  const { text, best } = sweepNote(sweep, runs, ({ folder }) => pageOf(folder, client));
  const wanted = [tag('mlflow.note.content', text), ...(best ? [tag('tass.bestRun', best.id)] : [])];
  const changed = wanted.filter(({ key, value }) => tags[key] !== value);
  if (changed.length > 0) await logTags(client, id, changed);
  return changed.length > 0;
}

/** A relative link to a run's page, which works under any address of the server. */
function pageOf(folder: string, { server }: MlflowClient): string | undefined {
  const { experimentId, runId } = readPosition(folder, server.uri);
  return runId && `#/experiments/${experimentId}/runs/${runId}`;
}

/** A cell may have been computed for another sweep, or several times; the best of its runs counts. */
function endOf({ runs }: Reading): { state: RunState; time: number | undefined } {
  const ofCells = [...runs.values()];
  const order: readonly RunState[] = ['RUNNING', 'FINISHED', 'FAILED', 'KILLED'];
  const states = ofCells.map((ofCell) => order.find((state) => ofCell.some((run) => run.state === state)) ?? 'KILLED');
  const state = (['RUNNING', 'FAILED', 'KILLED'] as const).find((one) => states.includes(one)) ?? 'FINISHED';
  const last = Math.max(0, ...ofCells.flat().map(({ time = 0 }) => time));
  return { state, time: state === 'RUNNING' ? undefined : last || Date.now() };
}
