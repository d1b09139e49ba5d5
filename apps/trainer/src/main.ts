import { createRequire } from 'node:module';
import { asksForHelp, projectSettings, UsageError } from '@tass/config';
import { isMultirun } from './command-line';
import { sweepUsage, trainUsage } from './usage';

const load = createRequire(__filename);

/** Each loads its code when it is asked for. A sweep starts `cell` and `data`; the others are for people. */
const commands = {
  train: () => (load('./train-command') as typeof import('./train-command')).trainCommand,
  sweep: () => (load('./sweep-command') as typeof import('./sweep-command')).sweepCommand,
  cell: () => (load('./cell-command') as typeof import('./cell-command')).cellCommand,
  data: () => (load('./data-command') as typeof import('./data-command')).dataCommand,
} as const;

async function main([first, ...words]: readonly string[]): Promise<number> {
  const name = first === 'train' && isMultirun(words) ? 'sweep' : first;
  if (name === undefined || !Object.hasOwn(commands, name)) {
    throw new UsageError(`trainer: ${name ?? 'nothing'} is not a command, expected ${Object.keys(commands).join(', ')}`);
  }
  const settings = projectSettings();
  if (!asksForHelp(words)) return commands[name as keyof typeof commands]()(words, settings);
  const usage = name === 'sweep' ? sweepUsage : trainUsage;
  console.log(usage(settings.experiments));
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
    console.error(isOurMistake || process.env.TASS_STACK ? error.stack : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
