import { join, relative } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { counted, readOptions } from '@tass/program';
import { findRun, runFolders } from '../find-run';
import { MlflowClient } from '../mlflow/client';
import { isPassing, MlflowError } from '../mlflow/mlflow-error';
import { mlflowServer } from '../mlflow/server';
import { syncRun } from '../mlflow/sync-run';
import { sweepsOf, syncSweep } from '../mlflow/sync-sweep';

const SICK_SECONDS = 2; // for a server that has just used up all patience

interface Totals {
  upToDate: number;
  sent: number;
  failed: number;
}

/**
 * Sends the named runs, or all runs, to the MLflow server of the settings. Prints a line for each and returns the exit code: 1 if something
 * could not be sent. Throws MlflowError if no server is set or none answers; RunError for an unknown run; UsageError; the reason of `stop`.
 */
export async function syncCommand(
  words: readonly string[],
  settings: ProjectSettings,
  say: (line: string) => void,
  stop?: AbortSignal,
): Promise<number> {
  const { rest } = readOptions(words, {});
  const client = new MlflowClient(serverOf(settings), { signal: stop });
  const folders = rest.length > 0 ? rest.map((name) => findRun(settings.runs, name).folder) : runFolders(settings.runs).reverse();
  if (folders.length === 0) {
    say(`there are no runs in ${settings.runs}`);
    return 0;
  }
  await client.check();
  const totals: Totals = { upToDate: 0, sent: 0, failed: 0 };
  let isSick = false;
  const patient = () => (isSick ? client.withPatience(SICK_SECONDS) : client);
  for (const folder of folders) {
    const { outcome, text, mayPass } = await syncOne(folder, patient());
    stop?.throwIfAborted();
    isSick = mayPass;
    totals[outcome]++;
    say(`${relative(settings.runs, folder)}: ${text}`);
    if (mayPass) await client.check(); // without a server, further attempts are useless
  }
  for (const sweep of sweepsOf(folders, settings.runs)) {
    const problem = await problemOf(() => syncSweep(settings.runs, sweep, patient()));
    stop?.throwIfAborted();
    if (problem === undefined) continue;
    totals.failed++;
    say(`${relative(settings.runs, sweep)}: NOT SENT: ${problem.message}`);
  }
  say(
    `${client.server.uri}: ${counted(folders.length, 'run')}, ${totals.sent} sent, ${totals.upToDate} up to date before, ${totals.failed} not sent`,
  );
  return totals.failed > 0 ? 1 : 0;
}

function serverOf({ tracking, file, root }: ProjectSettings) {
  const server = mlflowServer(tracking.uri);
  if (server) return server;
  throw new MlflowError(
    `no MLflow server is set. Set the environment variable MLFLOW_TRACKING_URI, or in ${file ?? join(root, '.tassrc.yaml')} ` +
      'tracking: { uri: http://HOST:PORT }. For a server of your own: npx nx run tracking:serve',
  );
}

interface Synced {
  readonly outcome: keyof Totals;
  readonly text: string;
  readonly mayPass: boolean; // the fault, at another time
}

async function syncOne(folder: string, client: MlflowClient): Promise<Synced> {
  try {
    const { state, lines, files, left, mayPass, deleted } = await syncRun(folder, client);
    if (deleted)
      return { outcome: 'upToDate', text: 'deleted on the server, so not sent. To send it again, delete its mlflow.json', mayPass: false };
    const isNew = lines + files > 0;
    const text = `${state.toLowerCase()}, ${isNew ? `${counted(lines, 'line')} and ${counted(files, 'file')} sent` : 'up to date'}`;
    if (left.length === 0) return { outcome: isNew ? 'sent' : 'upToDate', text, mayPass: false };
    const partly = isNew ? text : state.toLowerCase();
    return { outcome: 'failed', text: `${partly}. NOT SENT: ${left.join('; ')}`, mayPass };
  } catch (error) {
    return { outcome: 'failed', text: `NOT SENT: ${(error as Error).message}`, mayPass: isPassing(error) };
  }
}

/** An error of one run must not prevent sending the others. */
async function problemOf(work: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
