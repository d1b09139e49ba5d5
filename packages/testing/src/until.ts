import { setTimeout as pause } from 'node:timers/promises';

/** Waits for as long as it takes: a slow machine is no failure. What never comes to be is ended by the time limit of the spec. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(20);
}
