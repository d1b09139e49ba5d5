import { createHash } from 'node:crypto';
import { LockError } from '@tass/files';
import { readFinalMetrics } from '../final-metrics';
import { metricsLine, type MetricsRecord } from '../journal';
import type { RunManifest } from '../manifest';
import { readRun } from '../run';
import { readSystemMetrics } from '../mirror/system-metrics';
import { createRemoteRun, deleteRun, experimentId, foundOrMade, getRun, logEntries, logInputs, logPoints, runsWithTag, updateRun, type RemoteRun } from './api'; // prettier-ignore
import { artifactsOf, placeOf } from './artifacts';
import type { MlflowClient } from './client';
import { describeRun, identityTags } from './describe-run';
import { batchesOf, tag } from './limits';
import { lockForSending } from './lock';
import { isPassing, MlflowError } from './mlflow-error';
import { PositionKeeper, readPosition } from './position';
import { runState, type RunEnd, type RunState } from './run-state';
import { sendModel } from './send-model';
import { sweepParent } from './sweep-parent';

export interface SyncResult {
  readonly state: RunState;
  readonly lines: number; // of the journal that this call has sent
  readonly files: number; // that this call has sent
  readonly left: readonly string[]; // what the server will not take, and why; empty: it has all
  readonly deleted: boolean; // someone deleted the run on the server: it is left alone
}

interface Sending {
  readonly folder: string;
  readonly client: MlflowClient;
  readonly manifest: RunManifest;
  readonly end: RunEnd;
  readonly keeper: PositionKeeper;
  readonly records: readonly MetricsRecord[]; // that are final
}

/**
 * Brings a server up to date with a run folder, be the run live, ended or dead. Every step is looked up or may be done twice, so that a call
 * that was killed, or whose answers were lost, is completed by the next one: one MLflow run, each point once, at the journal's own times.
 * `isOver`: this process has ended its work on the run and still holds its lock. One call at a time for a run, across processes.
 * Throws MlflowError when the server cannot be reached or refuses; RunError and ConfigError for a damaged folder; DiskError.
 */
export async function syncRun(folder: string, client: MlflowClient, options: { isOver?: boolean } = {}): Promise<SyncResult> {
  const unlock = await lockForSending(folder, client.patience);
  try {
    const { manifest } = readRun(folder);
    const end = runState(folder, options);
    const keeper = new PositionKeeper(folder, readPosition(folder, client.server.uri));
    return await send({ folder, client, manifest, end, keeper, records: readFinalMetrics(folder) });
  } finally {
    unlock();
  }
}

async function send(sending: Sending): Promise<SyncResult> {
  const { client, manifest, end, records } = sending;
  const remote = await openRemote(sending);
  if (remote.deleted) return { state: end.state, lines: 0, files: 0, left: [], deleted: true };
  const isResumed = end.state === 'RUNNING' && remote.status !== 'RUNNING';
  if (isResumed) await updateRun(client, remote.id, 'RUNNING', undefined);
  await sendDescription(sending, remote);
  const lines = await sendRecords(sending, remote);
  await sendSystemMetrics(sending, remote);

  const left: string[] = [];
  const files = await unlessRefused(left, () => sendArtifacts(sending, remote));
  if (end.state === 'FINISHED') await unlessRefused(left, () => sendModel({ ...sending, remote, step: records.at(-1)?.step ?? 0 }));
  if (end.state !== 'RUNNING' && remote.status !== end.state) {
    await removeTwins(client, remote, manifest);
    await updateRun(client, remote.id, end.state, end.time);
  }
  return { state: end.state, lines, files: files ?? 0, left, deleted: false };
}

/** The MLflow run of a run folder: the known one, else the one that carries its id, else a new one. */
async function openRemote({ folder, client, manifest, end, keeper, records }: Sending): Promise<RemoteRun> {
  const { runId, lines, linesDigest } = keeper.now;
  const isRewritten = runId !== undefined && lines > 0 && digestOf(records.slice(0, lines)) !== linesDigest;
  if (isRewritten) keeper.restart(runId); // someone put an older checkpoint in place: points cannot be taken back one by one
  if (keeper.now.replaces) await deleteRun(client, keeper.now.replaces);
  if (keeper.now.runId) {
    const known = await getRun(client, keeper.now.runId);
    if (known) return known;
    keeper.restart(); // the server lost its data
  }
  const experiment = await experimentId(client, manifest.sweep?.experiment ?? manifest.experiment);
  const parent = manifest.sweep && (await sweepParent(folder, manifest, experiment, client));
  const remote = await foundOrMade(
    client,
    async () => (await ownRuns(client, experiment, manifest))[0],
    () =>
      createRemoteRun(client, {
        experimentId: experiment,
        name: manifest.id,
        startTime: Date.parse(manifest.createdAt),
        tags: [...identityTags(manifest), ...(parent ? [tag('mlflow.parentRunId', parent.id)] : [])],
      }),
  );
  if (parent && end.state === 'RUNNING' && parent.status !== 'RUNNING') await updateRun(client, parent.id, 'RUNNING', undefined);
  keeper.set({ experimentId: experiment, runId: remote.id, replaces: undefined });
  return remote;
}

const ownRuns = (client: MlflowClient, experiment: string, { id }: RunManifest): Promise<RemoteRun[]> =>
  runsWithTag(client, experiment, tag('tass.run', id));

/** A request to make the run that was given up and reached the server late has made another. */
async function removeTwins(client: MlflowClient, { id, experimentId: experiment }: RemoteRun, manifest: RunManifest): Promise<void> {
  for (const twin of await ownRuns(client, experiment, manifest)) if (twin.id !== id) await deleteRun(client, twin.id);
}

async function sendDescription({ folder, client, manifest, end, keeper }: Sending, { id }: RemoteRun): Promise<void> {
  const description = describeRun(folder, manifest, end);
  const described = createHash('sha256').update(JSON.stringify(description)).digest('hex');
  if (described === keeper.now.described) return;
  await logEntries(client, id, description.params, description.tags);
  if (description.datasets.length > 0) await logInputs(client, id, description.datasets);
  keeper.set({ described });
}

async function sendRecords({ client, keeper, records }: Sending, { id }: RemoteRun): Promise<number> {
  const before = keeper.now.lines;
  for (const batch of batchesOf(records.slice(before))) {
    await logPoints(client, id, batch.points);
    const lines = keeper.now.lines + batch.records;
    keeper.set({ lines, linesDigest: digestOf(records.slice(0, lines)) });
  }
  return keeper.now.lines - before;
}

async function sendSystemMetrics({ folder, client, keeper }: Sending, { id }: RemoteRun): Promise<void> {
  for (const batch of batchesOf(readSystemMetrics(folder).slice(keeper.now.systemLines))) {
    await logPoints(client, id, batch.points);
    keeper.set({ systemLines: keeper.now.systemLines + batch.records });
  }
}

async function sendArtifacts({ folder, client, end, keeper, records }: Sending, { artifactUri }: RemoteRun): Promise<number> {
  const wanted = artifactsOf(folder, textOf(records), end.state !== 'RUNNING');
  const changed = wanted.filter(({ path, digest }) => keeper.now.artifacts[path] !== digest);
  for (const { path, digest, read } of changed) {
    await client.upload(`${placeOf(artifactUri, client)}/${path}`, read());
    keeper.set({ artifacts: { ...keeper.now.artifacts, [path]: digest } });
  }
  return changed.length;
}

/** What is refused for good must not keep the rest from the server. */
async function unlessRefused<Result>(left: string[], work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MlflowError || error instanceof LockError) || isPassing(error)) throw error;
    left.push(error.message);
    return undefined;
  }
}

const textOf = (records: readonly MetricsRecord[]): string => records.map((record) => `${metricsLine(record)}\n`).join('');

const digestOf = (records: readonly MetricsRecord[]): string => createHash('sha256').update(textOf(records)).digest('hex');
