import { isAtTerminal } from './outlive-readers';

/** What asks a program to end. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface StopListener {
  readonly ask: (signal: StopSignal) => void; // called once
  readonly insist?: (signal: StopSignal) => void; // left out: who will not wait sends SIGKILL
}

const echoSeconds = 2;

/**
 * Calls `ask` with the first signal that asks this program to end, and `insist` with those that come after its echoes. One stop reaches a
 * process as several signals within moments: systemd, srun and pkill signal all processes, a launcher and Nx pass on what they get, and a
 * closed terminal sends SIGHUP twice. Where no output is a terminal, SIGHUP asks nothing. Returns the function that stops listening.
 */
export function onStopSignal({ ask, insist }: StopListener): () => void {
  const signals: readonly StopSignal[] = isAtTerminal() ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
  let isAsked = false;
  let isEchoing = false;
  let isReleased = false;
  const onSignal = (signal: StopSignal): void => {
    if (isAsked) return isEchoing || isReleased ? undefined : insist?.(signal);
    isAsked = isEchoing = true;
    afterEchoes(() => {
      isEchoing = false;
      if (isReleased) remove();
    });
    ask(signal);
  };
  const remove = (): void => signals.forEach((signal) => process.off(signal, onSignal));
  signals.forEach((signal) => process.on(signal, onSignal));
  return () => {
    isReleased = true;
    if (!isEchoing) remove(); // an echo would end the process before it has said how it ended
  };
}

/**
 * The signals from its construction on, for listeners that come one after the other. A signal without a listener waits for the next one: who
 * holds a lock ends in order, whatever it does at that moment.
 */
export class StopSignals {
  private listener: StopListener | undefined;
  private waiting: StopSignal | undefined;
  readonly release = onStopSignal({
    ask: (signal) => (this.listener ? this.listener.ask(signal) : (this.waiting = signal)),
    insist: (signal) => this.listener?.insist?.(signal),
  });

  /** Returns the function that takes the listener away. */
  listen(listener: StopListener): () => void {
    this.listener = listener;
    if (this.waiting) listener.ask(this.waiting);
    this.waiting = undefined;
    return () => (this.listener = undefined);
  }
}

/** Signals that arrived while this process computed are handled before: setImmediate follows them. */
const afterEchoes = (then: () => void): void => void setTimeout(() => setImmediate(then), echoSeconds * 1000).unref();

/** The exit code of a program that a signal ended. */
export const exitCodeOf = (signal: StopSignal): number => (signal === 'SIGINT' ? 130 : 143);
