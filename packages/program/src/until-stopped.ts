import { say } from '@tass/progress';
import { exitCodeOf, onStopSignal } from './stop-signals';

const STOPPED = 130;

export interface Stoppable {
  readonly isJob?: boolean; // of a launcher, which kills what does not end
}

/**
 * Runs `work`, whose signal aborts when a signal asks this program to end. Returns the exit code that `work` gives, 130 where it was stopped.
 * A person's second signal ends the program at once.
 */
export async function untilStopped(work: (signal: AbortSignal) => Promise<number>, { isJob = false }: Stoppable = {}): Promise<number> {
  const stop = new AbortController();
  const release = onStopSignal({
    ask: () => stop.abort(new Error('stopped; finished parts are kept. To resume: the same command again')),
    insist: isJob ? undefined : (signal) => process.exit(exitCodeOf(signal)),
  });
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say((stop.signal.reason as Error).message);
    return STOPPED;
  } finally {
    release();
  }
}
