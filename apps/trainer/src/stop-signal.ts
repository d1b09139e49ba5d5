/** Turns the first SIGINT, SIGTERM or SIGHUP into a request that the training loop answers after its step; a second one ends the process at once. */
export interface StopSignal {
  readonly requested: () => boolean;
  readonly release: () => void;
}

/** What asks a program to end. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function listenForStop(say: (line: string) => void): StopSignal {
  let requested = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (requested) process.exit(signal === 'SIGINT' ? 130 : 143);
    requested = true;
    say(`${signal}: finishing the step, then saving; a second signal to process ${process.pid} ends it at once, unsaved`);
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return {
    requested: () => requested,
    release: () => stopSignals.forEach((signal) => process.off(signal, onSignal)),
  };
}
