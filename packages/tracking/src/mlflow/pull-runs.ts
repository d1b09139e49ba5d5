import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolderWhole, mostBytes, onDisk, parseJson } from '@tass/files';
import type { RunManifest } from '../manifest';
import { findExperiment, searchRuns, type RemoteRun } from './api';
import { placeOf } from './artifacts';
import type { MlflowClient } from './client';
import { MlflowError } from './mlflow-error';

export interface PulledRuns {
  readonly folders: readonly string[]; // run folders, including those that existed before
  readonly left: readonly string[]; // runs that could not be downloaded, each with the reason
}

const wanted =
  /^(config\.yaml|manifest\.json|metrics\.jsonl|report\.(json|md)|present-videos\.txt|predictions-[\w-]+\.jsonl|(grounding|use)-[\w-]+\.json)$/;
const needed = ['config.yaml', 'manifest.json', 'report.json'];

/**
 * Downloads the finished runs of an MLflow experiment into `folder`/`experiment of the run`/`run id`, as run folders without checkpoints.
 * Existing folders stay unchanged. Names from the server cannot lead out of `folder`. Throws MlflowError: no such experiment, no answer;
 * DiskError.
 */
export async function pullRuns(client: MlflowClient, experiment: string, folder: string): Promise<PulledRuns> {
  const experimentId = await findExperiment(client, experiment);
  if (experimentId === undefined) throw new MlflowError(`${client.server.uri} has no experiment ${experiment}`);
  const runs = await searchRuns(client, experimentId, "attributes.status = 'FINISHED'");
  const folders: string[] = [];
  const left: string[] = [];
  for (const run of runs.filter(({ tags }) => tags['tass.run'] !== undefined)) {
    const reason = await pullRun(client, run, folder, folders);
    if (reason) left.push(`${run.name} (${run.id}): ${reason}`);
  }
  return { folders, left };
}

/** Returns the reason why a run cannot be downloaded. */
async function pullRun(client: MlflowClient, run: RemoteRun, root: string, folders: string[]): Promise<string | undefined> {
  const { 'tass.run': id, 'tass.experiment': experiment = '' } = run.tags;
  if (!isName(id) || !experiment.split('/').every(isName)) return `its name ${experiment}/${id} is not that of a run folder`;
  const parent = join(root, experiment);
  const folder = join(parent, id);
  if (!existsSync(join(folder, 'manifest.json'))) {
    const names = (await filesOf(client, run.id)).filter((name) => wanted.test(name));
    const missing = needed.filter((name) => !names.includes(name));
    if (missing.length > 0) return `the server lacks its ${missing.join(' and ')}`;
    const files = new Map<string, Buffer>();
    let left: number = mostBytes.artifacts; // for all files of a run, which stay in memory until they are complete
    for (const name of names) {
      const bytes = await client.download(`${placeOf(run.artifactUri, client)}/${name}`, left);
      files.set(name, bytes);
      left -= bytes.length;
    }
    if (!isManifestOf(files.get('manifest.json')!, id, experiment)) return 'its manifest.json is that of another run, or damaged';
    place(files, parent, id);
  }
  folders.push(folder);
  return undefined;
}

/** A single name, not a path. Names with a leading dot are excluded, because listings skip them. */
const isName = (text: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(text) && !text.includes('..');

const filesOf = (client: MlflowClient, runId: string): Promise<string[]> =>
  client.get('artifacts/list', { run_id: runId }, ({ files = [] }) =>
    (files as { path: string; is_dir: boolean }[]).filter((file) => !file.is_dir).map(({ path }) => path),
  );

function isManifestOf(bytes: Buffer, id: string, experiment: string): boolean {
  try {
    const manifest = parseJson(bytes) as RunManifest;
    return manifest.id === id && manifest.experiment === experiment;
  } catch {
    return false;
  }
}

/** Creates the run's folder with all its files or not at all; several processes, even on several machines, may download it at once. */
function place(files: ReadonlyMap<string, Buffer>, parent: string, id: string): void {
  onDisk(`cannot download runs to ${parent}`, parent, () => makeFolderWhole(join(parent, id), files));
}
