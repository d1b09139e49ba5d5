import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits as long as necessary, because a slow machine is not a failure. The spec's time limit ends a wait for something that never happens.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(20);
}
