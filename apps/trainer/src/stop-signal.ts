import { exitCodeOf, onStopSignal, type StopListener, type StopSignals } from '@tass/program';

/** Turns a stop signal into a request that the training loop obeys after its step. */
export interface StopRequest {
  readonly requested: () => boolean;
  readonly release: () => void;
}

export interface StopOptions {
  readonly isJob?: boolean; // of a launcher, which kills it if necessary; otherwise a second signal ends the program at once
  readonly signals?: StopSignals; // for a program that has more to do first
}

export function listenForStop(say: (line: string) => void, { isJob = false, signals }: StopOptions = {}): StopRequest {
  let requested = false;
  const listener: StopListener = {
    ask(signal) {
      requested = true;
      const more = isJob ? '' : `; a second signal to process ${process.pid} ends it at once without saving`;
      say(`${signal}: finishing the step, then saving${more}`);
    },
    insist: isJob ? undefined : (signal) => process.exit(exitCodeOf(signal)),
  };
  const release = signals ? signals.listen(listener) : onStopSignal(listener);
  return { requested: () => requested, release };
}
