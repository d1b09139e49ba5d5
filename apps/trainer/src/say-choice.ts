import { shellWord } from '@tass/program';
import { say } from '@tass/progress';

const mostListed = 10;

interface Unfinished {
  readonly name: string; // as `--resume=` takes it
  readonly reached: string; // as in `3 epochs done`
}

/**
 * Prints which of several unfinished runs or sweeps a bare `--resume` chooses (the first), and how to choose another. They are ordered by
 * the times in their names, which a wrong clock can spoil.
 */
export function sayChoice(what: string, [first, ...others]: readonly Unfinished[]): void {
  if (others.length === 0) return;
  say(
    `${others.length + 1} ${what} are unfinished. Resuming ${first.name} (${first.reached}), which started last by the clock of its machine. The others:`,
  );
  for (const { name, reached } of others.slice(0, mostListed)) say(`  ${shellWord(`--resume=${name}`)} (${reached})`);
  if (others.length > mostListed) say(`  and ${others.length - mostListed} more`);
}
