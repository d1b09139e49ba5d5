import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Makes this process outlive those who read its output: a pipe whose reader has ended (EPIPE), a terminal that was closed (EIO), a log on a
 * full disk (ENOSPC). What is written there is lost, and the work continues in silence. Where no output is a terminal, SIGHUP is ignored: Node
 * forgets that nohup did so. Every program and every worker process calls this first.
 */
export function outliveReaders(): void {
  if (process.stdout.listeners('error').includes(ignore)) return;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  if (!isAtTerminal()) process.on('SIGHUP', ignore);
  const terminals = [0, 1, 2].filter(isatty);
  process.on('exit', () => terminals.filter((descriptor) => !isatty(descriptor)).forEach(replaceByNothing));
}

/** Whether an output of this process is a terminal, also one that was closed since. */
export const isAtTerminal = (): boolean => Boolean(process.stdout.isTTY || process.stderr.isTTY);

const ignore = (): void => undefined;

/** Node restores its terminals when it exits, and crashes where that fails as one was closed, whatever the exit code was. */
function replaceByNothing(descriptor: number): void {
  closeSync(descriptor);
  openSync('/dev/null', 'r+'); // gets the lowest free number, this one
}
