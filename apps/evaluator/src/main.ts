import { projectSettings } from '@tass/config';
import { UsageError, parseCompare, parseEvaluate, usage } from './command-line';
import { compareRuns } from './compare';
import { evaluate } from './evaluate';

async function main([name, ...words]: readonly string[]): Promise<void> {
  const settings = projectSettings();
  if (name === 'evaluate') {
    const command = parseEvaluate(words);
    if (command === 'help') return console.log(usage);
    const { run, report } = await evaluate(command, settings);
    return console.log(`${run.folder}\n${report.text}`);
  }
  if (name === 'compare') {
    const command = parseCompare(words);
    return console.log(command === 'help' ? usage : compareRuns(command, settings));
  }
  throw new UsageError(`evaluator: ${name ?? 'nothing'} is not a command, expected evaluate or compare`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
  console.error(isOurMistake || process.env.TASS_STACK ? error.stack : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
