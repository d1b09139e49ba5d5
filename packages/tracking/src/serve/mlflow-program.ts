import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder, writeFileAtomically } from '@tass/files';
import { MlflowError } from '../mlflow/mlflow-error';

/** The release that this project was tested with. */
const VERSION = '3.17.2';
const OLDEST_PYTHON = [3, 10] as const; // required by this release

/**
 * The `mlflow` program: the one TASS_MLFLOW names, else the one on PATH, else one in a Python environment in `cache`, which is created if
 * missing or unfinished. Throws MlflowError: a program that is not MLflow 3, no Python, no venv, no download.
 */
export async function mlflowProgram(cache: string, say: (line: string) => void, stop: AbortSignal): Promise<string> {
  const named = process.env.TASS_MLFLOW;
  if (named) {
    const version = await versionOf(named);
    if (version === undefined) throw new MlflowError(`TASS_MLFLOW=${named} is not the program of MLflow. Name it, or unset the variable`);
    refuseOld(named, version);
    return named;
  }
  const onPath = await versionOf('mlflow');
  if (onPath !== undefined) {
    refuseOld('mlflow on PATH', onPath);
    return 'mlflow';
  }
  return ownProgram(cache, say, stop);
}

function refuseOld(program: string, version: string): void {
  if (Number(version.split('.')[0]) < 3)
    throw new MlflowError(`${program} is MLflow ${version}, expected 3 or newer. Name another program in TASS_MLFLOW, or update it`);
}

async function ownProgram(cache: string, say: (line: string) => void, stop: AbortSignal): Promise<string> {
  const environment = join(cache, `mlflow-${VERSION}`);
  const program = join(environment, 'bin', 'mlflow');
  const mark = join(environment, 'installed');
  if (existsSync(mark)) return program;
  await refuseOldPython();
  mkdirSync(cache, { recursive: true });
  const unlock = lockCache(cache);
  try {
    rmSync(environment, { recursive: true, force: true }); // of an installation that was stopped
    say(`making a Python environment in ${environment}`);
    const made = await run('python3', ['-m', 'venv', environment], stop);
    if (made.code !== 0)
      throw new MlflowError(
        `python3 cannot make an environment: ${lastWords(made.output)}. On Debian and Ubuntu: apt-get install python3-venv`,
      );
    say(`installing mlflow ${VERSION}: about 850 MB, some minutes`);
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', `mlflow==${VERSION}`];
    const installed = await run(join(environment, 'bin', 'python'), pip, stop, sayPackages(say));
    if (installed.code !== 0) throw new MlflowError(`mlflow ${VERSION} cannot be installed: ${lastWords(installed.output)}`);
    writeFileAtomically(mark, `${VERSION}\n`);
    return program;
  } catch (error) {
    rmSync(environment, { recursive: true, force: true });
    throw error;
  } finally {
    unlock();
  }
}

/** The current step, from pip's output. */
const sayPackages = (say: (line: string) => void) => (line: string) => {
  if (/^(Collecting|Installing) /.test(line)) say(line.length > 100 ? `${line.slice(0, 100)}...` : line);
};

async function refuseOldPython(): Promise<void> {
  const advice = `Install Python ${OLDEST_PYTHON.join('.')} or newer, or name an mlflow program in TASS_MLFLOW`;
  const { code, output } = await run('python3', ['-c', 'import sys; print(*sys.version_info[:2])']);
  if (code === undefined) throw new MlflowError(`there is no python3 on PATH. ${advice}`);
  const [major, minor] = output.trim().split(' ').map(Number);
  const isOld = major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1]);
  if (code !== 0 || isOld || !Number.isInteger(minor)) throw new MlflowError(`python3 is ${lastWords(output) || 'broken'}. ${advice}`);
}

/** Parses `mlflow, version 3.17.2`; undefined if the program is missing or a different one. */
async function versionOf(program: string): Promise<string | undefined> {
  const { code, output } = await run(program, ['--version']);
  return code === 0 ? /mlflow, version (\d\S*)/.exec(output)?.[1] : undefined;
}

interface Ended {
  readonly code: number | null | undefined; // undefined: the program does not exist
  readonly output: string;
}

/** `say` receives each line immediately. Throws the reason of `stop`. */
function run(program: string, words: readonly string[], stop?: AbortSignal, say?: (line: string) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    stop?.throwIfAborted();
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true' },
    });
    const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGTERM');
    stop?.addEventListener('abort', kill, { once: true });
    let output = '';
    let line = '';
    const take = (data: Buffer) => {
      output += data;
      const lines = `${line}${data}`.split('\n');
      line = lines.pop()!;
      lines.forEach((one) => say?.(one.trimEnd()));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', () => resolve({ code: undefined, output }));
    child.once('close', (code) => {
      stop?.removeEventListener('abort', kill);
      if (stop?.aborted) reject(stop.reason);
      else resolve({ code, output });
    });
  });
}

const lastWords = (output: string): string => output.trim().split('\n').slice(-3).join(' ').trim();

function lockCache(cache: string): () => void {
  return lockFolder(cache, { file: 'install.lock', what: 'the installation of MLflow in' });
}
