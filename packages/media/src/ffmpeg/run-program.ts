import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { mostBytes } from '@tass/files';
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
export async function runProgram(
  program: string,
  words: readonly string[],
  { timeLimitSeconds, signal }: ProgramLimits,
  { folder, ...listeners }: ProgramListeners = {},
): Promise<EndedProgram> {
  signal?.throwIfAborted();
  // in a process group of its own: a signal of the terminal is for this process, which may ignore it
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const heard = hear(child, listeners);
  const stop = () => child.kill('SIGKILL');
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, timeLimitSeconds * 1000);
  signal?.addEventListener('abort', stop);
  try {
    const { code, endedBy } = await endOf(child, program);
    signal?.throwIfAborted();
    if (heard.isTooMuch)
      throw new MediaError(`made ffmpeg print more than ${mostBytes.program / 2 ** 20} MB, so it was stopped. Convert it`);
    if (isLate)
      throw new MediaError(`kept ffmpeg busy for more than ${timeLimitSeconds} s, so it was stopped. Convert it, or allow more time`);
    if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(endedBy!) || heard.isStopped) throw new ProgramError(`${program} was stopped`);
    if (endedBy !== null) throw new MediaError(`made ffmpeg end with ${endedBy}: too little memory, or a fault in ffmpeg`);
    return { failed: code !== 0, output: Buffer.concat(heard.output).toString('utf8'), errors: heard.errors };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** What a program has printed so far. */
interface Heard {
  readonly output: Buffer[];
  readonly errors: string[];
  isTooMuch: boolean; // and the program killed
  isStopped: boolean; // it says that it was asked to end
}

function hear(child: ChildProcessByStdio<null, Readable, Readable>, { onLine, onOutputLine }: Omit<ProgramListeners, 'folder'>): Heard {
  const heard: Heard = { output: [], errors: [], isTooMuch: false, isStopped: false };
  const refuse = () => {
    heard.isTooMuch = true;
    child.kill('SIGKILL');
  };
  let printed = 0;
  child.stdout.on('data', (data: Buffer) => {
    printed += data.length;
    if (printed > mostBytes.program) refuse();
    else if (!onOutputLine) heard.output.push(data);
  });
  if (onOutputLine) forEachLine(child.stdout, onOutputLine, refuse);
  const onErrorLine = (line: string): void => {
    const error = errorLine.exec(line)?.[1];
    if (error !== undefined && heard.errors.length < mostErrors) heard.errors.push(error);
    if (line.includes('Exiting normally, received signal')) heard.isStopped = true;
    onLine?.(line);
  };
  forEachLine(child.stderr, onErrorLine, refuse);
  return heard;
}

/** Resolves when a program has ended and all its output is read. Rejects where it does not start. */
function endOf(child: ChildProcess, program: string): Promise<{ readonly code: number | null; readonly endedBy: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const ProblemOf = ['ENOENT', 'EACCES'].includes(cause.code ?? '') ? ProgramError : Error; // others pass: too many files, too little memory
      reject(new ProblemOf(`${program} does not start (${cause.message})`, { cause }));
    });
    child.once('close', (code, endedBy) => resolve({ code, endedBy }));
  });
}

const longestLine = 2 ** 20; // characters

/** The lines of a stream in turn; `onTooLong` in the place of one that does not end. */
function forEachLine(stream: Readable, onLine: (line: string) => void, onTooLong: () => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (data: Buffer) => {
    const lines = (rest + decoder.write(data)).split(/\r\n|\n|\r/);
    rest = lines.pop()!;
    lines.forEach(onLine);
    if (rest.length > longestLine) {
      rest = '';
      onTooLong();
    }
  });
  stream.on('end', () => rest !== '' && onLine(rest));
}
