import { readOptions, UsageError } from '@tass/program';
import { namedRun, refuseSettings } from '../named-run';

/** A request to `evaluator:demo`. */
export interface DemoCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly port: number; // 0: any that is free
  readonly overrides: readonly string[]; // of the engine only
}

/** Reads the words after `demo`. Throws UsageError. */
export function parseDemo(words: readonly string[]): DemoCommand {
  const { options, rest } = readOptions(words, { run: 'value', port: 'value' });
  const { port = '0' } = options;
  const run = namedRun(options.run);
  refuseSettings(
    rest.filter((word) => !word.startsWith('engine.')),
    'answers',
  );
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new UsageError(`--port is ${port}, expected a whole number from 0 to 65535`);
  return { run, port: Number(port), overrides: rest };
}
