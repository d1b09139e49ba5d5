import { type ChildProcess, fork } from 'node:child_process';
import { outliveReaders } from '@tass/program';

/** The program of a worker process. */
export interface WorkerProgram {
  readonly file: string;
  readonly execArgv?: readonly string[]; // node's own options; default: those of this process
}

/** The answer of a worker whose work throws. */
export interface WorkerFailure {
  readonly error: string;
}

/** Starts a worker process, which writes to this process's output. */
export function startWorker({ file, execArgv = process.execArgv }: WorkerProgram, words: readonly string[] = []): ChildProcess {
  return fork(file, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...execArgv] });
}

/**
 * Makes this process a worker: it answers each message of its parent with the result of `work` (undefined: no answer), or with a
 * WorkerFailure, also if a result cannot be sent. It exits when its parent ends, and leaves stop signals to the parent.
 */
export function answerParent<Message, Answer>(work: (message: Message) => Answer | undefined | Promise<Answer | undefined>): void {
  outliveReaders();
  process.on('message', async (message: Message) => {
    try {
      await send(await work(message));
    } catch (error) {
      const failure: WorkerFailure = { error: error instanceof Error ? error.message : String(error) };
      await send(failure).catch(() => undefined); // the parent is gone: `disconnect` follows
    }
  });
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
}

/** Tells the parent something before the answer; nothing where it is gone. */
export function tellParent(message: unknown): void {
  send(message).catch(() => undefined); // `disconnect` follows
}

/** Rejects where `answer` cannot be sent. */
function send(answer: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    if (answer === undefined || !process.connected) return resolve();
    process.send!(answer, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}
