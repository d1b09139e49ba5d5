import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check']; // unpacked, a wheel is not needed again

/**
 * Downloads the wheel that meets `requirement` into `folder`, which is made, with the first pip that is found, from where that pip is set up
 * to look; pip compares the sum that the index gives. Returns the wheel's path; undefined where the requirement's condition does not hold
 * here. Throws one line where there is no pip or it fails.
 */
export async function pipDownload(
  requirement: string,
  folder: string,
  pipArguments: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  mkdirSync(folder);
  const [command, ...before] = findPip(environment);
  await runPip(command, [...before, 'download', ...options, ...pipArguments, '--dest', folder, requirement], environment);
  const [file] = readdirSync(folder);
  return file === undefined ? undefined : path.join(folder, file);
}

const pips = new Map<string | undefined, readonly string[]>(); // by PATH: to ask takes as long as a small download

function findPip(env: NodeJS.ProcessEnv): readonly string[] {
  const known = pips.get(env.PATH);
  if (known !== undefined) return known;
  const runs = (command: string, words: string[]): boolean => spawnSync(command, words, { env, stdio: 'ignore' }).status === 0;
  const candidates = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
  const found = candidates.find(([command, ...words]) => runs(command, [...words, '--version']));
  if (found !== undefined) {
    pips.set(env.PATH, found);
    return found;
  }
  const python = ['python3', 'python'].find((command) => runs(command, ['--version']));
  throw new Error(
    python
      ? `${python} has no pip: install it (${python} -m ensurepip, or your system's package)`
      : 'no Python is on the PATH: install Python 3 with pip',
  );
}

/** pip's own progress is shown; of a failure its last error line is kept. Newer ones go on with a broken download where they are asked to. */
function runPip(command: string, words: string[], environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const pip = spawn(command, words, { env: { PIP_RESUME_RETRIES: '10', ...environment }, stdio: ['ignore', 'inherit', 'pipe'] });
    const stop = (): boolean => pip.kill(); // before its folder is taken away; from a terminal it hears of Ctrl-C itself
    process.prependListener('SIGINT', stop).prependListener('SIGTERM', stop);
    let said = '';
    pip.stderr.on('data', (text: Buffer) => (said += text.toString()));
    pip.on('error', reject);
    pip.on('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (code === 0) return resolve();
      const errors = said.split('\n').filter((line) => line.startsWith('ERROR:'));
      reject(new Error(`pip download failed (${signal ?? `status ${code}`}): ${errors.pop() ?? said.trim().split('\n').pop()}`));
    });
  });
}
