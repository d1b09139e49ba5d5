import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface ProgramOptions {
  readonly folder: string; // it runs in
  readonly environment?: Readonly<Record<string, string | undefined>>; // besides this process' own; undefined: without the variable
  readonly preload?: readonly string[]; // modules that it loads first
  readonly columns?: number; // in a terminal of so many, 12 lines high, which all output goes to; see hasTerminals
  readonly around?: (command: readonly string[]) => readonly string[]; // a program to start instead of the command, such as in lost-output.ts
  readonly userId?: number; // to run as, where this process may choose
  /** Receives the whole standard error after each piece of it. */
  readonly onError?: (text: string, program: ChildProcess) => void;
  /** The same for standard output. */
  readonly onOutput?: (text: string, program: ChildProcess) => void;
}

/** The result of a program. */
export interface EndedProgram {
  readonly code: number | null; // null: ended by the signal
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** Whether there is the program `script` of util-linux. */
export const hasTerminals = (): boolean => process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** What makes node run the sources of this repository. */
export const fromSources = ['--conditions=@tass/source', '--require', join(__dirname, 'typescript.cjs')];

/** Runs a program of this repository, a .ts file, from its sources and in a process of its own, as a user would from a pipe. */
export function runProgram(main: string, words: readonly string[], options: ProgramOptions): Promise<EndedProgram> {
  const { folder, environment = {}, preload = [], columns, around, userId, onError, onOutput } = options;
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TASS_(DATA|STACK)|NODE_OPTIONS|MLFLOW_.*)$/.test(name));
  return new Promise((resolve, reject) => {
    const command = [process.execPath, ...fromSources, ...preload.flatMap((file) => ['--require', file]), main, ...words];
    const [file, ...rest] = around ? around(command) : columns === undefined ? command : inTerminal(command, columns);
    const program = spawn(file, rest, {
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

function inTerminal(command: readonly string[], columns: number): string[] {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return ['script', '-qec', `stty cols ${columns} rows 12; exec ${quoted.join(' ')}`, '/dev/null'];
}
