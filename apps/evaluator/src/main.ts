import { projectSettings } from '@tass/config';
import { UsageError, parseCommandLine, usage } from './command-line';
import { evaluate } from './evaluate';

async function main([name, ...words]: readonly string[]): Promise<void> {
  if (name !== 'evaluate') throw new UsageError(`evaluator: ${name ?? 'nothing'} is not a command, expected evaluate`);
  const command = parseCommandLine(words);
  if (command === 'help') {
    console.log(usage);
    return;
  }
  const { run, report } = await evaluate(command, projectSettings());
  console.log(`${run.folder}\n${report.text}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
  console.error(isOurMistake || process.env.TASS_STACK ? error.stack : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
