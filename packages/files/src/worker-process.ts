import { type ChildProcess, fork } from 'node:child_process';
import { outliveReaders } from '@tass/program';

/** The program of a worker process. */
export interface WorkerProgram {
  readonly file: string;
  readonly execArgv?: readonly string[]; // node's own options; default: those of this process
}

/** What a worker answers when its work throws. */
export interface WorkerFailure {
  readonly error: string;
}

/** Starts a worker process, which writes to this process's output. */
export function startWorker({ file, execArgv = process.execArgv }: WorkerProgram, words: readonly string[] = []): ChildProcess {
  return fork(file, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...execArgv] });
}

/**
 * Makes this process a worker: it answers each message of its parent with the result of `work`, undefined being no answer, or with a
 * WorkerFailure. It exits when its parent is gone and leaves signals that ask to end to the parent.
 */
export function answerParent<Message, Answer>(work: (message: Message) => Answer | undefined | Promise<Answer | undefined>): void {
  outliveReaders();
  process.on('message', async (message: Message) => {
    const answer = await attempt(() => work(message));
    if (answer !== undefined && process.connected) process.send?.(answer);
  });
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
}

async function attempt<Answer>(work: () => Answer | Promise<Answer>): Promise<Answer | WorkerFailure> {
  try {
    return await work();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
