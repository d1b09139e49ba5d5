import type { ProjectSettings } from '@tass/config';
import type { Sweep } from '@tass/sweep';
import { MlflowClient, syncSweep, type MlflowServer } from '@tass/tracking';
import { say } from '@tass/progress';

/** For the server to take the end of a sweep; then `tracking:sync` tells it. A fault that lasts longer than `patienceSeconds` ends it sooner. */
const finishSeconds = 20;
const patienceSeconds = 5;

/** Tells the MLflow server how a sweep ended, which this process ran and still holds. Never fails: what is missing is said. */
export async function mirrorSweepEnd(sweep: Sweep, server: MlflowServer | undefined, { runs }: ProjectSettings): Promise<void> {
  if (server === undefined) return;
  const time = new AbortController();
  const isUp = (): void => time.abort(new Error(`${server.uri} took longer than ${finishSeconds} s`));
  const timer = setTimeout(isUp, finishSeconds * 1000);
  try {
    const client = new MlflowClient(server, { patienceSeconds, signal: time.signal });
    await syncSweep(runs, sweep.folder, client, { isOver: true });
  } catch (error) {
    say(`${(error as Error).message}. The end of the sweep is not on the server. To send it: npx nx run tracking:sync`);
  } finally {
    clearTimeout(timer);
  }
}
