import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as path from 'node:path';
import { libraryFiles } from './c-api';
import { tensorFlowVersion } from './library';

/** A Python wheel that holds the libraries, pinned: any other file under its name is refused. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly members: readonly string[]; // paths in the archive; unpacked under their last part
  readonly pipArguments: readonly string[];
}

/** TensorFlow for CPUs. Any Python's pip takes it: what Python the wheel is for matters only to the parts of it that are left out. */
export const cpuWheel: Wheel = {
  project: 'tensorflow-cpu',
  version: tensorFlowVersion,
  file: `tensorflow_cpu-${tensorFlowVersion}-cp311-cp311-manylinux_2_27_x86_64.whl`,
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  members: libraryFiles.map((file) => `tensorflow/${file}`),
  pipArguments: ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', 'manylinux_2_27_x86_64'],
};

/**
 * Downloads `wheel` into `folder` with the first pip that is found, from where that pip is set up to look, and checks its sum.
 * Returns its path. Throws one line where there is no pip, pip fails, or the sum differs.
 */
export async function downloadWheel(wheel: Wheel, folder: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const [command, ...before] = findPip(environment);
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', ...wheel.pipArguments];
  const words = [...before, 'download', ...options, '--dest', folder, `${wheel.project}==${wheel.version}`];
  await runPip(command, words, environment);
  const location = path.join(folder, wheel.file);
  const sum = await sha256Of(location);
  if (sum !== wheel.sha256) throw new Error(`${wheel.file} has SHA-256 ${sum}, expected ${wheel.sha256}: it is not used`);
  return location;
}

function findPip(env: NodeJS.ProcessEnv): string[] {
  const runs = (command: string, words: string[]): boolean => spawnSync(command, words, { env, stdio: 'ignore' }).status === 0;
  const candidates = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
  const found = candidates.find(([command, ...words]) => runs(command, [...words, '--version']));
  if (found !== undefined) return found;
  const python = ['python3', 'python'].find((command) => runs(command, ['--version']));
  throw new Error(
    python
      ? `${python} has no pip: install it (${python} -m ensurepip, or your system's package)`
      : 'no Python is on the PATH: install Python 3 with pip',
  );
}

/** pip's own progress is shown; of a failure its last error line is kept. */
function runPip(command: string, words: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const pip = spawn(command, words, { env, stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    pip.stderr.on('data', (text: Buffer) => (said += text.toString()));
    pip.on('error', reject);
    pip.on('close', (code, signal) => {
      if (code === 0) return resolve();
      const errors = said.split('\n').filter((line) => line.startsWith('ERROR:'));
      reject(new Error(`pip download failed (${signal ?? `status ${code}`}): ${errors.pop() ?? said.trim().split('\n').pop()}`));
    });
  });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
