import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Whether there is a Python with terminals. */
export const hasPython = (): boolean => spawnSync('python3', ['-c', 'import pty']).status === 0;

type Command = readonly string[];

const bash = (script: string, command: Command): Command => ['bash', '-c', script, 'bash', ...command];

/** A command whose output goes into `head`, which ends after so many lines. Its exit code is the command's. */
export const intoHead = (lines: number) => (command: Command) => bash(`"$@" 2>&1 | head -n ${lines}; exit \${PIPESTATUS[0]}`, command);

/** A command whose output goes to a disk that is full. */
export const intoFullDisk = (command: Command): Command => bash('exec "$@" >/dev/full 2>&1', command);

/** A command in a terminal that is closed when it has shown `text`. Its exit code is the command's, 128 + n after signal n. */
export const inClosedTerminal = (text: string) => (command: Command) => ['python3', join(__dirname, 'close-terminal.py'), text, ...command];
