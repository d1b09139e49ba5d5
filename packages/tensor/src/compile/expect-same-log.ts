import { CompileError } from './compile-error';

/** Compares two recordings of a step, line by line. Throws CompileError if they differ, with the line of the later one. */
export function expectSameLog(before: readonly string[], after: readonly string[]): void {
  const count = Math.max(before.length, after.length);
  const at = Array.from({ length: count }, (_, i) => i).find((i) => before[i] !== after[i]);
  if (at === undefined) return;
  const operation = `operation ${at + 1} of ${count}: ${(after[at] ?? before[at]).slice(0, 200)}`;
  throw new CompileError(
    `compile: the step changed since it was compiled, at ${operation}. A value of JavaScript differs: pass it as an argument or through hostTensor, or set engine.compile=off`,
  );
}
