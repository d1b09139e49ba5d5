import { setTimeout as delay } from 'node:timers/promises';

/** Seconds to wait before the next attempt, after so many failures; undefined gives up. */
type PauseAfter = (error: unknown, failures: number) => number | undefined;

/** Retries `attempt` while `pauseAfter` returns a pause for its error. Throws its last error or, during a pause, the signal's reason. */
export async function retry<Result>(attempt: () => Promise<Result>, pauseAfter: PauseAfter, signal?: AbortSignal): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const seconds = pauseAfter(error, failures);
      if (seconds === undefined) throw error;
      await delay(1000 * seconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
