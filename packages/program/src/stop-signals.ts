import { isAtTerminal } from './outlive-readers';

/** The stop signals. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface StopListener {
  readonly ask: (signal: StopSignal) => void; // called once
  readonly insist?: (signal: StopSignal) => void; // if omitted, only SIGKILL forces an end
}

const echoSeconds = 2;

/**
 * Calls `ask` with the first stop signal, and `insist` with signals that come after its echoes. One stop reaches a process as several
 * signals within moments: systemd, srun and pkill signal all processes, a launcher and Nx forward signals, and a closed terminal sends
 * SIGHUP twice. If no output is a terminal, SIGHUP is ignored. Returns the function that stops listening.
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
    if (!isEchoing) remove(); // an echo would end the process before it has recorded its end
  };
}

/**
 * The signals since its construction, for a sequence of listeners. A signal without a listener waits for the next one, so that a process
 * that holds a lock always ends cleanly.
 */
export class StopSignals {
  private listener: StopListener | undefined;
  private waiting: StopSignal | undefined;
  readonly release = onStopSignal({
    ask: (signal) => (this.listener ? this.listener.ask(signal) : (this.waiting = signal)),
    insist: (signal) => this.listener?.insist?.(signal),
  });

  /** Returns the function that removes the listener. */
  listen(listener: StopListener): () => void {
    this.listener = listener;
    if (this.waiting) listener.ask(this.waiting);
    this.waiting = undefined;
    return () => (this.listener = undefined);
  }
}

/** Resolves after signals that arrived during a computation have been handled, because setImmediate runs after them. */
const afterEchoes = (then: () => void): void => void setTimeout(() => setImmediate(then), echoSeconds * 1000).unref();

/** The exit code of a program that a signal ended. */
export const exitCodeOf = (signal: StopSignal): number => (signal === 'SIGINT' ? 130 : 143);
