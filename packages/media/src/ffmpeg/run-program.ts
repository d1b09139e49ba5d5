import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MediaError } from '../media-error';

export interface ProgramLimits {
  readonly timeLimitSeconds: number;
  readonly signal?: AbortSignal;
}

export interface EndedProgram {
  readonly failed: boolean;
  readonly output: string;
  readonly errors: readonly string[]; // what it called errors, without its marks; at most the first fifty
}

/** A program that does not start, or that was stopped from elsewhere: no fault of the video that it worked at. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

export interface ProgramListeners {
  readonly folder?: string; // to run in
  readonly onLine?: (line: string) => void;
  readonly onOutputLine?: (line: string) => void;
}

/** Its words of a line that ffmpeg, told to mark levels, calls an error: "[mov @ 0x55] [error] moov atom not found". */
const errorLine = /^(?:\[[^\]]*\] )*\[(?:error|fatal|panic)\] (.*)$/;
const mostErrors = 50; // of a broken video there may be one for each frame

/**
 * Runs ffmpeg or ffprobe in `folder` to its end. `onLine` hears each line of its standard error, `onOutputLine` of its standard output, which is
 * then not kept.
 * Throws MediaError when it takes too long or dies, the signal's reason when that is given, ProgramError.
 */
export function runProgram(
  program: string,
  words: readonly string[],
  { timeLimitSeconds, signal }: ProgramLimits,
  { folder, onLine, onOutputLine }: ProgramListeners = {},
): Promise<EndedProgram> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // in a process group of its own: a signal of the terminal is for this process, which may ignore it
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let late = false;
    let stopped = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeLimitSeconds * 1000);
    const stop = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', stop);

    const output: Buffer[] = [];
    const errors: string[] = [];
    if (onOutputLine) createInterface({ input: child.stdout }).on('line', onOutputLine);
    else child.stdout.on('data', (data: Buffer) => output.push(data));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const error = errorLine.exec(line)?.[1];
      if (error !== undefined && errors.length < mostErrors) errors.push(error);
      if (line.includes('Exiting normally, received signal')) stopped = true;
      onLine?.(line);
    });

    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      act();
    };
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const ProblemOf = ['ENOENT', 'EACCES'].includes(cause.code ?? '') ? ProgramError : Error; // others pass: too many files, too little memory
      settle(() => reject(new ProblemOf(`${program} does not start (${cause.message})`, { cause })));
    });
    child.once('close', (code, endedBy) =>
      settle(() => {
        if (signal?.aborted) return reject(signal.reason);
        if (late)
          return reject(
            new MediaError(`kept ffmpeg busy for more than ${timeLimitSeconds} s, so it was stopped. Convert it, or allow more time`),
          );
        if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(endedBy!) || stopped) return reject(new ProgramError(`${program} was stopped`));
        if (endedBy !== null) return reject(new MediaError(`made ffmpeg end with ${endedBy}: too little memory, or a fault in ffmpeg`));
        resolve({ failed: code !== 0, output: Buffer.concat(output).toString('utf8'), errors });
      }),
    );
  });
}
