import { say } from '@tass/progress';
import { exitCodeOf, onStopSignal, type StopListener, type StopSignals } from './stop-signals';

const STOPPED = 130;

export interface Stoppable {
  readonly stopped?: string; // what to say where it was stopped
  readonly isJob?: boolean; // of a launcher, which kills what does not end
  readonly signals?: StopSignals; // of a program that does more before or afterwards
}

/**
 * Runs `work`, whose signal aborts when a signal asks this program to end. Returns the exit code that `work` gives, 130 where it was stopped.
 * A person's second signal ends the program at once.
 */
export async function untilStopped(
  work: (signal: AbortSignal) => Promise<number>,
  { isJob = false, stopped = 'stopped; finished parts are kept. To resume: the same command again', signals }: Stoppable = {},
): Promise<number> {
  const stop = new AbortController();
  const listener: StopListener = {
    ask: () => stop.abort(new Error(stopped)),
    insist: isJob ? undefined : (signal) => process.exit(exitCodeOf(signal)),
  };
  const release = signals ? signals.listen(listener) : onStopSignal(listener);
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
