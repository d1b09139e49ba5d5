import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunManifest } from '../manifest';
import { createModel, foundOrMade, linkModel, markModelReady, modelsOfRun, type RemoteRun } from './api';
import { fileArtifact, placeOf } from './artifacts';
import type { MlflowClient } from './client';
import { tag } from './limits';
import type { PositionKeeper } from './position';

interface ModelSending {
  readonly folder: string;
  readonly client: MlflowClient;
  readonly manifest: RunManifest;
  readonly keeper: PositionKeeper;
  readonly remote: RemoteRun;
  readonly step: number; // of training
}

const checkpoint = 'checkpoints/best.safetensors';

/**
 * The best parameters of a finished run as a logged model of MLflow 3: created once, with its files, marked as ready and linked to the run.
 */
export async function sendModel({ folder, client, manifest, keeper, remote, step }: ModelSending): Promise<void> {
  if (!existsSync(join(folder, checkpoint))) return;
  const { digest } = fileArtifact(folder, checkpoint);
  if (keeper.now.model?.digest === digest) return;
  const model = await foundOrMade(
    client,
    async () => (await modelsOfRun(client, remote.experimentId, remote.id))[0],
    () =>
      createModel(client, {
        experimentId: remote.experimentId,
        runId: remote.id,
        name: manifest.experiment.replaceAll(/[^\w-]+/g, '-'),
        tags: [tag('tass.run', manifest.id), tag('tass.experiment', manifest.experiment)],
      }),
  );
  const place = placeOf(model.artifactUri, client);
  for (const path of ['config.yaml', checkpoint]) {
    await client.upload(`${place}/${path.split('/').at(-1)}`, fileArtifact(folder, path).read());
  }
  await markModelReady(client, model.id);
  await linkModel(client, remote.id, model.id, step);
  for (const { id } of await modelsOfRun(client, remote.experimentId, remote.id))
    if (id !== model.id) await client.delete(`logged-models/${id}`); // from a request that was given up but arrived late
  keeper.set({ model: { id: model.id, digest } });
}
