import { readOptions, UsageError } from '@tass/program';

/** What `evaluator:demo` was asked to do. */
export interface DemoCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly port: number; // 0: any that is free
  readonly overrides: readonly string[]; // of the engine only
}

/** Reads the words after `demo`. Throws UsageError. */
export function parseDemo(words: readonly string[]): DemoCommand {
  const { options, rest } = readOptions(words, { run: 'value', port: 'value' });
  const { run, port = '0' } = options;
  if (run === undefined)
    throw new UsageError('no run is named. Write --run=RUN; the trainer prints its run folder, the folder runs/ holds them all');
  const foreign = rest.filter((word) => !word.startsWith('engine.'));
  if (foreign.length > 0)
    throw new UsageError(`${foreign.join(' ')} cannot be changed, a run answers as it was trained; only engine.backend, engine.device, engine.threads and engine.compile can`); // prettier-ignore
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new UsageError(`--port is ${port}, expected a whole number from 0 to 65535`);
  return { run, port: Number(port), overrides: rest };
}
