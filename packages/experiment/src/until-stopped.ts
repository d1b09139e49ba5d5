import { say } from '@tass/progress';

const STOPPED = 130;

/** Runs `work`, whose signal aborts at Ctrl-C (SIGINT) or SIGTERM. Returns the exit code that `work` gives, 130 where it was stopped. */
export async function untilStopped(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new Error('stopped; finished parts are kept. To resume: the same command again'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say((error as Error).message);
    return STOPPED;
  }
}
