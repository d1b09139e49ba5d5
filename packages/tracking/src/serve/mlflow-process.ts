import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '@tass/files';
import { connectionTo } from '@tass/program';
import { MlflowError } from '../mlflow/mlflow-error';

export interface MlflowProcessOptions {
  readonly program: string; // mlflow's
  readonly folder: string; // for database, artifacts and log
  readonly port: number;
  readonly words?: readonly string[]; // further ones for `mlflow server`
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal; // stops waiting for it
}

/** A running server. */
export interface MlflowProcess {
  readonly uri: string;
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  /** Stops the server, by force after ten seconds; leaves none of its processes. */
  stop(): Promise<void>;
}

const START_SECONDS = 180; // the first start creates the database, and the machine may be busy
const STOP_SECONDS = 10;

/** Without jobs it runs 2 processes instead of 10; with 5 connections a sweep of 32 runs gets refusals. */
const settings = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '64',
};

/**
 * Starts an MLflow server for this machine and waits until it answers. Throws MlflowError: port in use, ended at once (with the end of its
 * log).
 */
export async function startMlflow(options: MlflowProcessOptions): Promise<MlflowProcess> {
  const { program, port, words = [], environment = {}, signal } = options;
  const folder = resolve(options.folder);
  await refusePortInUse(port);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'server.log');
  const output = openSync(log, 'w');
  const data = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'artifacts')];
  const server = spawn(
    program.includes('/') ? resolve(program) : program,
    ['server', ...data, '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...words],
    {
      cwd: folder, // MLflow leaves files where it stands
      env: { ...process.env, ...settings, ...environment },
      stdio: ['ignore', output, output],
      detached: true, // a group of its own, that can be ended as a whole
    },
  );
  closeSync(output);
  let failure: string | undefined;
  const ended = new Promise<void>((resolve) => {
    server.once('error', (error) => resolve(void (failure = error.message)));
    server.once('exit', () => resolve());
  });
  const started: MlflowProcess = { uri: `http://127.0.0.1:${port}`, process: server, ended, stop: () => stop(server, ended) };
  try {
    await ready(started, signal);
    return started;
  } catch (error) {
    await started.stop();
    signal?.throwIfAborted();
    const lastWords = failure ?? readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
    throw new MlflowError(`${(error as Error).message}. The end of its log, ${log}:\n${lastWords}`);
  }
}

async function ready({ uri, process: server, ended }: MlflowProcess, signal: AbortSignal | undefined): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  const { fetch } = connectionTo(uri);
  const expectHealthy = async (): Promise<void> => {
    const { ok, status } = await fetch(`${uri}/health`, { signal: AbortSignal.timeout(2000) });
    if (!ok) throw new Error(`it answers ${status}`);
  };
  const end = performance.now() + START_SECONDS * 1000;
  try {
    await retry(expectHealthy, () => (isOver || performance.now() > end ? undefined : 0.2), signal);
  } catch (cause) {
    if (isOver) throw new Error(`MLflow ended with ${server.exitCode ?? server.signalCode ?? 'an error'} before it was ready`, { cause });
    throw new Error(`MLflow did not answer within ${START_SECONDS} s`, { cause });
  }
}

async function stop(server: ChildProcess, ended: Promise<void>): Promise<void> {
  if (server.pid === undefined) return;
  server.kill('SIGTERM');
  await Promise.race([ended, delay(STOP_SECONDS * 1000, undefined, { ref: false })]);
  try {
    process.kill(-server.pid, 'SIGKILL'); // the rest of its process group
  } catch {
    // nothing
  }
  await ended;
}

/** Throws MlflowError. */
export async function refusePortInUse(port: number): Promise<void> {
  if (await isAnswered(port)) throw new MlflowError(`port ${port} is in use by another program. Choose another: --port=${port + 1}`);
}

/** True when something listens there on this machine. */
export function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
