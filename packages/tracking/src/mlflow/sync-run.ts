import { createHash } from 'node:crypto';
import { readFinalJournal } from '../final-metrics';
import { metricsLine, type MetricsRecord, type ReadJournal } from '../journal';
import type { RunManifest } from '../manifest';
import { readRun } from '../run';
import { readSystemMetrics } from '../mirror/system-metrics';
import { createRemoteRun, deleteRun, experimentId, foundOrMade, getRun, logInputs, logParams, logPoints, logTags, runsWithTag, updateRun, type RemoteRun } from './api'; // prettier-ignore
import { artifactsOf, placeOf } from './artifacts';
import type { MlflowClient } from './client';
import { describeRun, identityTags, type RunDescription } from './describe-run';
import { batchesOf, POINTS_VERSION, tag } from './limits';
import { lockForSending } from './lock';
import { giveName, nameTag, runName } from './names';
import { PositionKeeper, readPosition } from './position';
import { runState, type RunEnd, type RunState } from './run-state';
import { sendModel } from './send-model';
import { Steps } from './steps';
import { sweepParent } from './sweep-parent';
import { readSweep, sweepFolderOf } from './sweep-record';

export interface SyncResult {
  readonly state: RunState;
  readonly lines: number; // lines of the journal that this call has sent
  readonly files: number; // files that this call has sent
  readonly left: readonly string[]; // parts that the server does not accept, and why; empty: it has all
  readonly mayPass: boolean; // some of these may succeed later
  readonly deleted: boolean; // someone deleted the run on the server, so nothing is sent
}

interface Sending extends Pick<ReadJournal, 'records' | 'text'> {
  readonly folder: string;
  readonly client: MlflowClient;
  readonly manifest: RunManifest;
  readonly end: RunEnd;
  readonly description: RunDescription;
  readonly name: string;
  readonly keeper: PositionKeeper; // and the final part of the journal
}

/**
 * Brings a server up to date with a run folder, whether the run is live, ended or dead. Every step is looked up first or idempotent, so
 * that the next call completes one that was killed or lost its responses: there is one MLflow run with each point once, at the journal's
 * times. `isOver`: this process has ended its work on the run and still holds its lock. Only one process sends a run at a time. A part that
 * the server refuses does not block other parts. Throws MlflowError if the server cannot be reached or refuses the run itself; RunError and
 * ConfigError for a damaged folder; DiskError.
 */
export async function syncRun(folder: string, client: MlflowClient, options: { isOver?: boolean } = {}): Promise<SyncResult> {
  const unlock = await lockForSending(folder, client.patience);
  try {
    const { manifest } = readRun(folder);
    const end = runState(folder, options);
    const keeper = new PositionKeeper(folder, readPosition(folder, client.server.uri));
    const description = describeRun(folder, manifest, end);
    const sweepFolder = sweepFolderOf(folder, manifest);
    const name = runName(description.title, manifest, sweepFolder === undefined ? undefined : readSweep(sweepFolder));
    return await send({ folder, client, manifest, end, description, name, keeper, ...readFinalJournal(folder) });
  } finally {
    unlock();
  }
}

/** Files come last, because they take longest and are refused most often. */
async function send(sending: Sending): Promise<SyncResult> {
  const { client, manifest, end, records } = sending;
  const { remote, parent } = await openRemote(sending);
  if (remote.deleted) return { state: end.state, lines: 0, files: 0, left: [], mayPass: false, deleted: true };
  const steps = new Steps(client);
  if (parent && end.state === 'RUNNING' && parent.status !== 'RUNNING')
    await steps.take('status of the sweep', (one) => updateRun(one, parent.id, 'RUNNING', undefined));
  const isResumed = end.state === 'RUNNING' && remote.status !== 'RUNNING';
  if (isResumed) await steps.take('status', (one) => updateRun(one, remote.id, 'RUNNING', undefined));
  await steps.take('name', (one) => giveName(one, remote, sending.name, manifest.id));
  await sendDescription(sending, remote, steps);
  const linesBefore = sentLines(sending.keeper);
  await steps.take('metrics', (one) => sendRecords(sending, remote, one));
  await steps.take('system metrics', (one) => sendSystemMetrics(sending, remote, one));
  if (end.state !== 'RUNNING' && remote.status !== end.state)
    await steps.take('status', async (one) => {
      await removeTwins(one, remote, manifest);
      await updateRun(one, remote.id, end.state, end.time);
    });
  const lines = sentLines(sending.keeper) - linesBefore;
  const files = await sendArtifacts(sending, remote, steps);
  if (end.state === 'FINISHED')
    await steps.take('model', (one) => sendModel({ ...sending, client: one, remote, step: records.at(-1)?.step ?? 0 }));
  return { state: end.state, lines, files, left: steps.left, mayPass: steps.mayPass, deleted: false };
}

interface Opened {
  readonly remote: RemoteRun;
  readonly parent?: RemoteRun; // of a run that was made just now
}

/** The MLflow run of a run folder: the known one, else the one tagged with its id, else a new one. */
async function openRemote({ folder, client, manifest, name, keeper, records }: Sending): Promise<Opened> {
  const { runId, lines, linesDigest } = keeper.now;
  const isRewritten = runId !== undefined && lines > 0 && digestOf(records.slice(0, lines)) !== linesDigest;
  if (isRewritten) keeper.restart(runId); // someone put an older checkpoint in place: points cannot be taken back one by one
  if (keeper.now.replaces) await deleteRun(client, keeper.now.replaces);
  if (keeper.now.runId) {
    const known = await getRun(client, keeper.now.runId);
    if (known) return { remote: known };
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
        name,
        startTime: Date.parse(manifest.createdAt),
        tags: [...identityTags(manifest), nameTag(name), ...(parent ? [tag('mlflow.parentRunId', parent.id)] : [])],
      }),
  );
  keeper.set({ experimentId: experiment, runId: remote.id, replaces: undefined });
  return { remote, parent };
}

const ownRuns = (client: MlflowClient, experiment: string, { id }: RunManifest): Promise<RemoteRun[]> =>
  runsWithTag(client, experiment, tag('tass.run', id));

/** A creation request that was given up but arrived late has created a second run. */
async function removeTwins(client: MlflowClient, { id, experimentId: experiment }: RemoteRun, manifest: RunManifest): Promise<void> {
  for (const twin of await ownRuns(client, experiment, manifest)) if (twin.id !== id) await deleteRun(client, twin.id);
}

async function sendDescription({ description, keeper }: Sending, { id }: RemoteRun, steps: Steps): Promise<void> {
  const { params, tags, datasets } = description;
  const described = createHash('sha256').update(JSON.stringify({ params, tags, datasets })).digest('hex');
  if (described === keeper.now.described) return;
  const areThere = [
    await steps.take('tags', (client) => logTags(client, id, tags)),
    await steps.take('parameters', (client) => logParams(client, id, params)),
    datasets.length === 0 || (await steps.take('datasets', (client) => logInputs(client, id, datasets))),
  ];
  if (areThere.every(Boolean)) keeper.set({ described });
}

async function sendRecords({ keeper, records }: Sending, { id }: RemoteRun, client: MlflowClient): Promise<void> {
  let lines = sentLines(keeper);
  for (const batch of batchesOf(records.slice(lines))) {
    await logPoints(client, id, batch.points);
    lines += batch.records;
    if (keeper.now.points === POINTS_VERSION) keeper.set({ lines, linesDigest: digestOf(records.slice(0, lines)) });
  }
  if (keeper.now.points !== POINTS_VERSION) keeper.set({ lines, linesDigest: digestOf(records), points: POINTS_VERSION });
}

/** Sends lines again whose points an earlier version sent under other names, and records that only after all of them. */
const sentLines = ({ now: { lines, points } }: PositionKeeper): number => (points === POINTS_VERSION ? lines : 0);

async function sendSystemMetrics({ folder, keeper }: Sending, { id }: RemoteRun, client: MlflowClient): Promise<void> {
  for (const batch of batchesOf(readSystemMetrics(folder).slice(keeper.now.systemLines))) {
    await logPoints(client, id, batch.points);
    keeper.set({ systemLines: keeper.now.systemLines + batch.records });
  }
}

function sendArtifacts({ folder, end, keeper, text }: Sending, { artifactUri }: RemoteRun, steps: Steps): Promise<number> {
  const wanted = artifactsOf(folder, text, end.state !== 'RUNNING');
  const changed = wanted.filter(({ path, digest }) => keeper.now.artifacts[path] !== digest);
  return steps.takeFiles(changed, async ({ path, digest, read }, client) => {
    await client.upload(`${placeOf(artifactUri, client)}/${path}`, read());
    keeper.set({ artifacts: { ...keeper.now.artifacts, [path]: digest } });
  });
}

const textOf = (records: readonly MetricsRecord[]): string => records.map((record) => `${metricsLine(record)}\n`).join('');

const digestOf = (records: readonly MetricsRecord[]): string => createHash('sha256').update(textOf(records)).digest('hex');
