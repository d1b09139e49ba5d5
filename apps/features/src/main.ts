import { createRequire } from 'node:module';
import { asksForHelp, projectSettings, UsageError } from '@tass/config';
import { checkUsage, exportUsage, importUsage, prepareUsage } from './usage';

const load = createRequire(__filename);

/** Each loads its code when it is asked for. */
const commands = {
  prepare: () => (load('./prepare-command') as typeof import('./prepare-command')).prepareCommand,
  check: () => (load('./check-command') as typeof import('./check-command')).checkCommand,
  import: () => (load('./import-command') as typeof import('./import-command')).importCommand,
  export: () => (load('./export-command') as typeof import('./export-command')).exportCommand,
} as const;

const usages = { prepare: prepareUsage, check: checkUsage, import: () => importUsage, export: () => exportUsage } as const;

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || !Object.hasOwn(commands, name)) {
    throw new UsageError(`features: ${name ?? 'nothing'} is not a command, expected ${Object.keys(commands).join(', ')}`);
  }
  const settings = projectSettings();
  if (!asksForHelp(words)) return commands[name as keyof typeof commands]()(words, settings);
  console.log(usages[name as keyof typeof usages](settings.experiments));
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
