import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check']; // unpacked, a wheel is not needed again

/**
 * Downloads the wheel that meets `requirement` into `folder`, which is made, with the first pip that is found, from where that pip is set up
 * to look; pip compares the sum that the index gives. Returns the wheel's path; undefined if the requirement's condition does not hold
 * here. Throws one line if there is no pip or it fails; the signal's reason, when pip has ended.
 */
export async function pipDownload(
  requirement: string,
  folder: string,
  pipArguments: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const [command, ...before] = findPip(environment);
  mkdirSync(folder);
  await runPip(command, [...before, 'download', ...options, ...pipArguments, '--dest', folder, requirement], environment, signal);
  const [file] = readdirSync(folder);
  return file === undefined ? undefined : path.join(folder, file);
}

function findPip(env: NodeJS.ProcessEnv): readonly string[] {
  const runs = (command: string, ...words: string[]): boolean =>
    spawnSync(command, [...words, '--version'], { env, stdio: 'ignore' }).status === 0;
  const candidates = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
  const found = candidates.find(([command, ...words]) => runs(command, ...words));
  if (found !== undefined) return found;
  const python = ['python3', 'python'].find((command) => runs(command));
  throw new Error(
    python
      ? `${python} has no pip: install it (${python} -m ensurepip, or your system's package)`
      : 'no Python is on the PATH: install Python 3 with pip',
  );
}

/** pip's own progress is shown; of a failure its last error line is kept. Newer ones resume a broken download where they are asked to. */
async function runPip(command: string, words: string[], environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const pip = spawn(command, words, { env: { PIP_RESUME_RETRIES: '10', ...environment }, stdio: ['ignore', 'inherit', 'pipe'] });
  const kill = (): void => void pip.kill(); // else it would write into the folder of the next call
  signal?.addEventListener('abort', kill);
  let said = '';
  pip.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code, ended] = (await once(pip, 'close').finally(() => signal?.removeEventListener('abort', kill))) as [number, string];
  signal?.throwIfAborted();
  if (code === 0) return;
  const lines = said.trim().split('\n');
  const error = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1);
  throw new Error(`pip download failed (${ended ?? `status ${code}`}): ${error}`);
}
