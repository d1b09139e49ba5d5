import { say } from '@tass/progress';
import { exitCodeOf, onStopSignal, type StopListener, type StopSignals } from './stop-signals';

const STOPPED = 130;

export interface Stoppable {
  readonly stopped?: string; // the message if it was stopped
  readonly isJob?: boolean; // of a launcher, which kills it if necessary
  readonly signals?: StopSignals; // for a program that does more before or afterwards
}

/**
 * Runs `work` with an AbortSignal that a stop signal aborts. Returns the exit code of `work`, or 130 if it was stopped. A second stop
 * signal ends the program at once.
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
