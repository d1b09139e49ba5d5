import { projectSettings, UsageError } from '@tass/config';
import { cellCommand } from './cell-command';
import { checkCommand } from './features/check-command';
import { exportCommand } from './features/export-command';
import { importCommand } from './features/import-command';
import { prepareCommand } from './features/prepare-command';
import { sweepCommand } from './sweep-command';
import { trainCommand } from './train-command';

/** `cell` is what a sweep starts; the others are for people. */
const commands = {
  train: trainCommand,
  sweep: sweepCommand,
  cell: cellCommand,
  prepare: prepareCommand,
  check: checkCommand,
  import: importCommand,
  export: exportCommand,
} as const;

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || !Object.hasOwn(commands, name)) {
    throw new UsageError(`trainer: ${name ?? 'nothing'} is not a command, expected ${Object.keys(commands).join(', ')}`);
  }
  return commands[name as keyof typeof commands](words, projectSettings());
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
    console.error(isOurMistake || process.env.TASS_STACK ? error.stack : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
