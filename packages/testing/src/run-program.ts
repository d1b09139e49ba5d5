import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface ProgramOptions {
  readonly folder: string; // it runs in
  readonly environment?: Readonly<Record<string, string>>; // besides this process' own
  readonly preload?: readonly string[]; // modules that it loads first
  readonly userId?: number; // to run as, where this process may choose
  /** Told the whole standard error after each piece of it. */
  readonly onError?: (text: string, program: ChildProcess) => void;
  /** The same of its standard output. */
  readonly onOutput?: (text: string, program: ChildProcess) => void;
}

/** What a program left when it had ended. */
export interface EndedProgram {
  readonly code: number | null; // null: ended by the signal
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** What makes node run the sources of this repository. */
export const fromSources = ['--conditions=@tass/source', '--require', join(__dirname, 'typescript.cjs')];

/** Runs a program of this repository, a .ts file, from its sources and in a process of its own, as a user would from a pipe. */
export function runProgram(main: string, words: readonly string[], options: ProgramOptions): Promise<EndedProgram> {
  const { folder, environment = {}, preload = [], userId, onError, onOutput } = options;
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TASS_(DATA|STACK)|NODE_OPTIONS|MLFLOW_.*)$/.test(name));
  return new Promise((resolve, reject) => {
    const program = spawn(process.execPath, [...fromSources, ...preload.flatMap((file) => ['--require', file]), main, ...words], {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    });
    let output = '';
    let errors = '';
    program.stdout.on('data', (data) => {
      output += data;
      onOutput?.(output, program);
    });
    program.stderr.on('data', (data) => {
      errors += data;
      onError?.(errors, program);
    });
    program.once('error', reject);
    program.once('close', (code, signal) => resolve({ code, signal, output, errors }));
  });
}
