import { projectSettings, UsageError } from '@tass/config';
import { checkCommand } from './check-command';
import { exportCommand } from './export-command';
import { importCommand } from './import-command';
import { prepareCommand } from './prepare-command';

const commands = {
  prepare: prepareCommand,
  check: checkCommand,
  import: importCommand,
  export: exportCommand,
} as const;

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || !Object.hasOwn(commands, name)) {
    throw new UsageError(`features: ${name ?? 'nothing'} is not a command, expected ${Object.keys(commands).join(', ')}`);
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
