import { setTimeout as delay } from 'node:timers/promises';

/** Seconds to wait before the next attempt, after so many failures; undefined gives up. */
type PauseAfter = (error: unknown, failures: number) => number | undefined;

/** Does `attempt` again for as long as `pauseAfter` its error gives a pause. Throws its last error, and in a pause the signal's reason. */
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
