import { shellWord } from '@tass/program';
import { say } from '@tass/progress';

const mostListed = 10;

interface Unfinished {
  readonly name: string; // as `--resume=` takes it
  readonly reached: string; // as in `3 epochs done`
}

/**
 * Says which of several unfinished runs or sweeps a bare `--resume` takes, the first, and how to take another: they are in order of the times in
 * their names, and the clock of a machine may have been wrong.
 */
export function sayChoice(what: string, [first, ...others]: readonly Unfinished[]): void {
  if (others.length === 0) return;
  say(
    `${others.length + 1} ${what} are unfinished. Resuming ${first.name} (${first.reached}): by the clock of its machine it began last. The others:`,
  );
  for (const { name, reached } of others.slice(0, mostListed)) say(`  ${shellWord(`--resume=${name}`)} (${reached})`);
  if (others.length > mostListed) say(`  and ${others.length - mostListed} more`);
}
