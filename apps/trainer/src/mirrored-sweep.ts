import type { ProjectSettings } from '@tass/config';
import type { Sweep } from '@tass/sweep';
import type { StopSignals } from '@tass/program';
import { MlflowClient, syncSweep, type MlflowServer } from '@tass/tracking';
import { say } from '@tass/progress';

/**
 * The time for sending the end of a sweep; after it, `tracking:sync` sends the rest. A fault that lasts longer than `patienceSeconds` ends
 * it sooner.
 */
const finishSeconds = 20;
const patienceSeconds = 5;

/**
 * Sends the end of this process's sweep, whose lock it still holds, to the MLflow server. A signal interrupts it. Never throws: prints what
 * the server lacks.
 */
export async function mirrorSweepEnd(
  sweep: Sweep,
  server: MlflowServer | undefined,
  { runs }: ProjectSettings,
  signals: StopSignals,
): Promise<void> {
  if (server === undefined) return;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`${server.uri} took longer than ${finishSeconds} s`)), finishSeconds * 1000);
  const onSignal = (signal: string): void => stop.abort(new Error(`stopped by ${signal}`));
  const cease = signals.listen({ ask: onSignal, insist: onSignal });
  try {
    const client = new MlflowClient(server, { patienceSeconds, signal: stop.signal });
    await syncSweep(runs, sweep.folder, client, { isOver: true });
  } catch (error) {
    say(`${(error as Error).message}. The end of the sweep is not on the server. To send it: npx nx run tracking:sync`);
  } finally {
    cease();
    clearTimeout(timer);
  }
}
