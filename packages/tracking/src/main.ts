import { didYouMean, projectSettings, UsageError } from '@tass/config';
import { serveCommand } from './commands/serve-command';
import { syncCommand } from './commands/sync-command';

const commands = { sync: syncCommand, serve: serveCommand } as const;

const stop = new AbortController();

async function main([name, ...words]: readonly string[]): Promise<number> {
  const names = Object.keys(commands);
  if (name === undefined || !Object.hasOwn(commands, name))
    throw new UsageError(`tracking: ${name ?? 'nothing'} is not a command, expected ${names.join(', ')}.${didYouMean(name ?? '', names)}`);
  if (name === 'serve') for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());
  return commands[name as keyof typeof commands](words, projectSettings(), console.log, stop.signal);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
    console.error(isOurMistake || process.env.TASS_STACK ? error.stack : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
