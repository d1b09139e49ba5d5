import { existsSync } from 'node:fs';
import type { RunManifest } from '../manifest';
import { createRemoteRun, foundOrMade, runsWithTag, type RemoteRun } from './api';
import type { MlflowClient } from './client';
import { tag, type Entry } from './limits';
import { lockForSending } from './lock';
import { nameTag, sweepName } from './names';
import { readSweep, sweepFolderOf } from './sweep-record';

/**
 * The MLflow run of a sweep, above the runs of its cells; created if missing. Cells of one sweep start together in several processes; the
 * one that locks the sweep's folder creates it. Throws LockError if another process does so for too long; MlflowError.
 */
export async function sweepParent(folder: string, manifest: RunManifest, experiment: string, client: MlflowClient): Promise<RemoteRun> {
  const sweep = manifest.sweep!;
  const sweepFolder = sweepFolderOf(folder, manifest)!;
  const find = () => findParent(client, experiment, sweep.id);
  const found = await find(); // before locking, so that a killed process's lock blocks no run once the parent exists
  if (found) return found;
  const record = readSweep(sweepFolder);
  const name = record ? sweepName(record) : sweep.id;
  const unlock = existsSync(sweepFolder) ? await lockForSending(sweepFolder, client.patience) : () => undefined;
  try {
    return await foundOrMade(client, find, () =>
      createRemoteRun(client, {
        experimentId: experiment,
        name,
        startTime: Date.parse(manifest.createdAt),
        tags: [kind, nameTag(name), tag('tass.sweep', sweep.id), tag('tass.experiment', sweep.experiment), tag('mlflow.source.name', ['trainer:sweep', `--exp=${sweep.experiment}`, ...(record?.words ?? [])].join(' '))], // prettier-ignore
      }),
    );
  } finally {
    unlock();
  }
}

const kind: Entry = tag('tass.kind', 'sweep');

export async function findParent(client: MlflowClient, experiment: string, id: string): Promise<RemoteRun | undefined> {
  const runs = await runsWithTag(client, experiment, tag('tass.sweep', id));
  return runs.find(({ tags }) => tags[kind.key] === kind.value);
}
