import { say } from '@tass/progress';

/** Runs a part of the work and prints how long it took. */
export async function phase<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work();
  say(`[${name}: ${((performance.now() - started) / 1000).toFixed(1)} s]`);
  return result;
}
