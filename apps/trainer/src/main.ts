import { projectSettings, UsageError } from '@tass/config';
import { cellCommand } from './cell-command';
import { dataCommand } from './data-command';
import { sweepCommand } from './sweep-command';
import { trainCommand } from './train-command';

/** A sweep starts `cell` and `data`; the others are for people. */
const commands = {
  train: trainCommand,
  sweep: sweepCommand,
  cell: cellCommand,
  data: dataCommand,
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
