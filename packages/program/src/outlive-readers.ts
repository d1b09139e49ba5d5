import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Keeps this process running if its output fails: a pipe whose reader has ended (EPIPE), a closed terminal (EIO), a log on a full disk
 * (ENOSPC). The output is lost, and the work continues. If no output is a terminal, ignores SIGHUP, because Node resets what nohup has set.
 * Every program and every worker process calls this first.
 */
export function outliveReaders(): void {
  if (process.stdout.listeners('error').includes(ignore)) return;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  if (!isAtTerminal()) process.on('SIGHUP', ignore);
  const terminals = [0, 1, 2].filter(isatty);
  process.on('exit', () => terminals.filter((descriptor) => !isatty(descriptor)).forEach(replaceByNothing));
}

/** Whether an output of this process is a terminal, even a closed one. */
export const isAtTerminal = (): boolean => Boolean(process.stdout.isTTY || process.stderr.isTTY);

const ignore = (): void => undefined;

/** Node restores its terminals when it exits, and crashes if one was closed. */
function replaceByNothing(descriptor: number): void {
  closeSync(descriptor);
  openSync('/dev/null', 'r+'); // gets the lowest free number, which is this one
}
