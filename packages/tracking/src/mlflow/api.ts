import { unexpected, type JsonObject } from './answer';
import type { MlflowClient } from './client';
import { chunks, limits, type Entry, type Point } from './limits';
import { isMissing, MlflowError } from './mlflow-error';
import type { DatasetInput } from './describe-run';
import { patiently } from './patience';
import type { RunState } from './run-state';

/** The server's record of a run. */
export interface RemoteRun {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: string;
  readonly artifactUri: string;
  readonly deleted: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: readonly string[]; // ids of logged models
}

export interface LoggedModel {
  readonly id: string;
  readonly status: string;
  readonly artifactUri: string;
}

/**
 * Looks something up and creates it if it is missing. If the response to the creation is lost, looks again, so that nothing is created
 * twice.
 */
export function foundOrMade<Thing>(
  client: MlflowClient,
  find: () => Promise<Thing | undefined>,
  make: () => Promise<Thing>,
): Promise<Thing> {
  return patiently(async () => (await find()) ?? (await make()), client.patience);
}

/** The id of the experiment with this name, which is created if missing. Throws MlflowError if it was deleted on the server. */
export function experimentId(client: MlflowClient, name: string): Promise<string> {
  const create = async (): Promise<string> => {
    try {
      return await client.postOnce('experiments/create', { name }, ({ experiment_id: id }) => text(id, 'experiment_id'));
    } catch (error) {
      const made = error instanceof MlflowError && error.code === 'RESOURCE_ALREADY_EXISTS'; // created by another process just now
      const found = made ? await findExperiment(client, name) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  };
  return foundOrMade(client, () => findExperiment(client, name), create);
}

/** Throws MlflowError if it was deleted on the server. */
export async function findExperiment(client: MlflowClient, name: string): Promise<string | undefined> {
  try {
    const { id, stage } = await client.get('experiments/get-by-name', { experiment_name: name }, (answer) => {
      const { experiment_id, lifecycle_stage } = object(answer.experiment, 'experiment');
      return { id: text(experiment_id, 'experiment_id'), stage: lifecycle_stage };
    });
    if (stage !== 'deleted') return id;
    throw new MlflowError(
      `the experiment ${name} was deleted on ${client.server.uri}. Restore it there: mlflow experiments restore --experiment-id ${id}`,
    );
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Runs with this tag that are not deleted, in a fixed order. */
export async function runsWithTag(client: MlflowClient, experimentId: string, { key, value }: Entry): Promise<RemoteRun[]> {
  const runs = await searchRuns(client, experimentId, `tags.\`${key}\` = '${value.replaceAll("'", '')}'`);
  return runs.filter(({ tags }) => tags[key] === value).sort((a, b) => (a.id < b.id ? -1 : 1));
}

const mostPages = 200; // of a thousand runs each

export async function searchRuns(client: MlflowClient, experimentId: string, filter: string): Promise<RemoteRun[]> {
  const found: RemoteRun[] = [];
  let pages = 0;
  for (let token: string | undefined = ''; token !== undefined;) {
    const page: string = token;
    if (++pages > mostPages) throw new MlflowError(`${client.server.uri} lists runs without end: more than ${mostPages} pages`);
    const body = { experiment_ids: [experimentId], filter, max_results: 1000, ...(page && { page_token: page }) };
    const { runs, next } = await client.post('runs/search', body, (answer) => ({
      runs: list(answer, 'runs').map(remoteRun),
      next: answer.next_page_token ? text(answer.next_page_token, 'next_page_token') : undefined,
    }));
    found.push(...runs);
    token = next;
  }
  return found;
}

export interface NewRemoteRun {
  readonly experimentId: string;
  readonly name: string;
  readonly startTime: number;
  readonly tags: readonly Entry[];
}

export function createRemoteRun(client: MlflowClient, { experimentId, name, startTime, tags }: NewRemoteRun): Promise<RemoteRun> {
  const body = { experiment_id: experimentId, run_name: name, start_time: startTime, tags };
  return client.postOnce('runs/create', body, ({ run }) => remoteRun(run));
}

/** Undefined if the server does not know it. */
export async function getRun(client: MlflowClient, id: string): Promise<RemoteRun | undefined> {
  try {
    return await client.get('runs/get', { run_id: id }, ({ run }) => remoteRun(run));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function deleteRun(client: MlflowClient, id: string): Promise<void> {
  const run = await getRun(client, id);
  if (run && !run.deleted) await client.post('runs/delete', { run_id: id }, nothing);
}

/** Throws MlflowError if the server does not take the status. */
export function updateRun(client: MlflowClient, id: string, status: RunState, endTime: number | undefined): Promise<void> {
  const body = { run_id: id, status, end_time: endTime ?? 0 }; // 0 removes the end time of a resumed run
  return client.post('runs/update', body, (answer) => {
    const info = object(answer.run_info, 'run_info');
    if (info.status !== status) throw unexpected(`status ${status}`); // it ignores unknown fields
  });
}

/** Throws MlflowError if the server does not take the name. */
export function renameRun(client: MlflowClient, id: string, name: string): Promise<void> {
  return client.post('runs/update', { run_id: id, run_name: name }, (answer) => {
    if (object(answer.run_info, 'run_info').run_name !== name) throw unexpected(`name ${name}`);
  });
}

export async function logTags(client: MlflowClient, id: string, tags: readonly Entry[]): Promise<void> {
  for (const some of chunks(tags, limits.tags)) await client.post('runs/log-batch', { run_id: id, tags: some }, nothing);
}

export async function logParams(client: MlflowClient, id: string, params: readonly Entry[]): Promise<void> {
  for (const some of chunks(params, limits.params)) await client.post('runs/log-batch', { run_id: id, params: some }, nothing);
}

export async function logPoints(client: MlflowClient, id: string, points: readonly Point[]): Promise<void> {
  if (points.length > 0) await client.post('runs/log-batch', { run_id: id, metrics: points }, nothing);
}

export function logInputs(client: MlflowClient, id: string, datasets: readonly DatasetInput[]): Promise<void> {
  return client.post('runs/log-inputs', { run_id: id, datasets }, nothing);
}

/** The models of a run, in a fixed order. */
export async function modelsOfRun(client: MlflowClient, experimentId: string, runId: string): Promise<LoggedModel[]> {
  const body = { experiment_ids: [experimentId], filter: `source_run_id = '${runId}'`, max_results: 50 };
  const models = await client.post('logged-models/search', body, (answer) => list(answer, 'models').map(loggedModel));
  return models.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export interface NewModel {
  readonly experimentId: string;
  readonly runId: string;
  readonly name: string;
  readonly tags: readonly Entry[];
}

export function createModel(client: MlflowClient, { experimentId, runId, name, tags }: NewModel): Promise<LoggedModel> {
  const body = { experiment_id: experimentId, name, model_type: 'tass', source_run_id: runId, tags };
  return client.postOnce('logged-models', body, ({ model }) => loggedModel(model));
}

export function markModelReady(client: MlflowClient, id: string): Promise<void> {
  return client.patch(`logged-models/${id}`, { model_id: id, status: 'LOGGED_MODEL_READY' }, nothing);
}

/** Links a model to its run. The server refuses a second link, so the run is checked first. */
export async function linkModel(client: MlflowClient, runId: string, modelId: string, step: number): Promise<void> {
  const find = async () => ((await getRun(client, runId))?.outputs.includes(modelId) ? true : undefined);
  const link = () => client.postOnce('runs/outputs', { run_id: runId, models: [{ model_id: modelId, step }] }, () => true);
  await foundOrMade(client, find, link);
}

const nothing = (): void => undefined;

function remoteRun(value: unknown): RemoteRun {
  const run = object(value, 'run');
  const info = object(run.info, 'info');
  const data = (run.data ?? {}) as { tags?: { key: string; value: string }[] };
  const { model_outputs: models = [] } = (run.outputs ?? {}) as { model_outputs?: { model_id: string }[] };
  return {
    id: text(info.run_id, 'run_id'),
    experimentId: text(info.experiment_id, 'experiment_id'),
    name: String(info.run_name ?? ''),
    status: text(info.status, 'status'),
    artifactUri: text(info.artifact_uri, 'artifact_uri'),
    deleted: info.lifecycle_stage === 'deleted',
    tags: Object.fromEntries((data.tags ?? []).map(({ key, value: content }) => [key, content])),
    outputs: models.map(({ model_id: id }) => id),
  };
}

function loggedModel(value: unknown): LoggedModel {
  const { model_id: id, status, artifact_uri: uri } = object(object(value, 'model').info, 'info');
  return { id: text(id, 'model_id'), status: text(status, 'status'), artifactUri: text(uri, 'artifact_uri') };
}

function object(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null) throw unexpected(name);
  return value as JsonObject;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw unexpected(name);
  return value;
}

/** MLflow omits an empty list; then the response must have no other key. */
function list(answer: JsonObject, name: string): unknown[] {
  const values = answer[name];
  if (Array.isArray(values)) return values;
  if (values === undefined && Object.keys(answer).length === 0) return [];
  throw unexpected(name);
}
