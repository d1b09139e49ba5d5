import { createRequire } from 'node:module';
import { asksForHelp, didYouMean, projectSettings, UsageError } from '@tass/config';
import { printable } from '@tass/leaderboard';
import { usage } from './usage';

async function main([name, ...words]: readonly string[]): Promise<void> {
  if (asksForHelp(words)) {
    console.log(usage);
    return;
  }
  const { programs } = createRequire(__filename)('./programs') as typeof import('./programs'); // only now: a help text needs no engine
  if (name === undefined || !Object.hasOwn(programs, name)) {
    const names = Object.keys(programs);
    throw new UsageError(`evaluator: ${name ?? 'nothing'} is not a command, expected ${names.join(', ')}.${didYouMean(name ?? '', names)}`);
  }
  console.log(await programs[name](words, projectSettings()));
}

main(process.argv.slice(2)).catch((error: Error) => {
  const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
  const text = (isOurMistake || process.env.TASS_STACK ? error.stack : undefined) ?? error.message;
  console.error(text.split('\n').map(printable).join('\n')); // names of files stand in it
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
