import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { onDisk } from '@tass/files';
import { MlflowClient, mlflowServer, pullRuns } from '@tass/tracking';
import { ComparisonError } from '@tass/run-comparison';

export interface PulledFolder {
  readonly runsRoot: string;
  readonly leftOut: readonly string[]; // runs that could not be downloaded, each with the reason
}

/**
 * Downloads the finished runs of an MLflow experiment into the project's cache, and reuses those of an earlier call. Throws ComparisonError
 * if the project has no server; MlflowError.
 */
export async function runsFromMlflow(experiment: string, settings: ProjectSettings): Promise<PulledFolder> {
  const server = mlflowServer(settings.tracking.uri ?? undefined);
  if (server === undefined)
    throw new ComparisonError('--from=mlflow: the project has no server. Set MLFLOW_TRACKING_URI, or tracking.uri in the settings file');
  // The digest separates names that differ only in characters that a folder's name cannot have.
  const digest = createHash('sha256')
    .update(JSON.stringify([server.uri, experiment]))
    .digest('hex')
    .slice(0, 12);
  const safe = (text: string): string =>
    text
      .replaceAll(/[^\w.-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80);
  const runsRoot = join(settings.root, '.cache', 'mlflow-runs', safe(server.uri), `${safe(experiment)}-${digest}`);
  onDisk(`cannot download runs to ${runsRoot}`, settings.root, () => mkdirSync(runsRoot, { recursive: true }));
  const { left } = await pullRuns(new MlflowClient(server), experiment, runsRoot);
  return { runsRoot, leftOut: left };
}
