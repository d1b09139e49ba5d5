import { exitCodeOf, onStopSignal, type StopListener, type StopSignals } from '@tass/program';

/** Turns a signal that asks this program to end into a request that the training loop answers after its step. */
export interface StopRequest {
  readonly requested: () => boolean;
  readonly release: () => void;
}

export interface StopOptions {
  readonly isJob?: boolean; // of a launcher, which kills what does not end; others are ended at once by a person's second signal
  readonly signals?: StopSignals; // of a program that does more before
}

export function listenForStop(say: (line: string) => void, { isJob = false, signals }: StopOptions = {}): StopRequest {
  let requested = false;
  const listener: StopListener = {
    ask(signal) {
      requested = true;
      const more = isJob ? '' : `; a second signal to process ${process.pid} ends it at once, unsaved`;
      say(`${signal}: finishing the step, then saving${more}`);
    },
    insist: isJob ? undefined : (signal) => process.exit(exitCodeOf(signal)),
  };
  const release = signals ? signals.listen(listener) : onStopSignal(listener);
  return { requested: () => requested, release };
}
