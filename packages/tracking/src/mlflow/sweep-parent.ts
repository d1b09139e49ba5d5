import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunManifest } from '../manifest';
import { createRemoteRun, foundOrMade, runsWithTag, type RemoteRun } from './api';
import type { MlflowClient } from './client';
import { tag, type Entry } from './limits';
import { lockForSending } from './lock';

/**
 * The MLflow run that stands for a sweep, above the runs of its cells; it is made where there is none. Cells of one sweep begin together,
 * in several processes: the sweep's folder is locked meanwhile, so that only one makes it.
 */
export async function sweepParent(folder: string, manifest: RunManifest, experiment: string, client: MlflowClient): Promise<RemoteRun> {
  const sweep = manifest.sweep!;
  const sweepFolder = resolve(runsRootOf(folder, manifest), sweep.folder);
  const unlock = existsSync(sweepFolder) ? await lockForSending(sweepFolder, client.patience) : () => undefined;
  try {
    return await foundOrMade(
      client,
      () => findParent(client, experiment, sweep.id),
      () =>
        createRemoteRun(client, {
          experimentId: experiment,
          name: sweep.id,
          startTime: Date.parse(manifest.createdAt),
          tags: [kind, tag('tass.sweep', sweep.id), tag('tass.experiment', sweep.experiment), tag('mlflow.source.name', `trainer:sweep --exp=${sweep.experiment}`)], // prettier-ignore
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

const runsRootOf = (folder: string, { experiment }: RunManifest): string => resolve(folder, '..', ...experiment.split('/').map(() => '..'));
