import { join, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { lockFolder } from '@tass/files';
import { mkdirSync } from 'node:fs';
import { readOptions, UsageError } from '@tass/program';
import { MlflowError } from '../mlflow/mlflow-error';
import { mlflowProgram } from '../serve/mlflow-program';
import { refusePortInUse, startMlflow, type MlflowProcess } from '../serve/mlflow-process';
import { serveUsage } from './usage';

/**
 * Runs an MLflow server until `stop` is aborted, then ends it. Returns the exit code. Throws MlflowError: no Python, port or folder in use,
 * the server exits; UsageError.
 */
export async function serveCommand(
  words: readonly string[],
  settings: ProjectSettings,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<number> {
  const { options, rest } = readOptions(words, { port: 'value', folder: 'path' });
  if (rest.length > 0) throw new UsageError(`${rest[0]} is not expected. ${serveUsage}`);
  const port = portOf(options.port);
  const folder = options.folder === undefined ? join(settings.runs, '.mlflow') : resolve(settings.root, options.folder);
  const unlock = lock(folder);
  try {
    await refusePortInUse(port); // checked checked before an installation that takes minutes
    const program = await mlflowProgram(join(settings.root, '.cache', 'mlflow'), say, stop);
    say(`starting ${program} ...`);
    const server = await startMlflow({ program, folder, port, signal: stop });
    say(welcome(server, folder));
    return await untilStopped(server, folder, stop);
  } catch (error) {
    if (stop.aborted) return 0;
    throw error;
  } finally {
    unlock();
  }
}

const welcome = ({ uri }: MlflowProcess, folder: string): string => `MLflow: ${uri} (its data is in ${folder}; Ctrl-C stops it)

To send the runs of this project there, in .tassrc.yaml:
tracking: { uri: ${uri} }
or in one shell:
export MLFLOW_TRACKING_URI=${uri}`;

async function untilStopped(server: MlflowProcess, folder: string, stop: AbortSignal): Promise<number> {
  const stopped = new Promise<void>((settle) => {
    if (stop.aborted) settle();
    stop.addEventListener('abort', () => settle(), { once: true });
  });
  await Promise.race([stopped, server.ended]);
  await server.stop();
  if (!stop.aborted) throw new MlflowError(`the server has exited. Its log: ${join(folder, 'server.log')}`);
  return 0;
}

function lock(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  return lockFolder(folder, { file: 'serve.lock', what: 'the data of MLflow in' });
}

function portOf(text = '5000'): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (port >= 1 && port <= 65535) return port;
  throw new UsageError(`--port=${text} is not a port, expected a number from 1 to 65535`);
}
