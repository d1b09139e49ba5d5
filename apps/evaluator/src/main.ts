import { didYouMean, projectSettings, UsageError, type ProjectSettings } from '@tass/config';
import { printable, renderText } from '@tass/leaderboard';
import { parseEvaluate, parseLeaderboard, parseScore } from './command-line';
import { evaluate } from './evaluate';
import { runsFromMlflow } from './from-mlflow';
import { leaderboardOf, writeLeaderboard } from './leaderboard-command';
import { scorePredictions } from './score-command';
import { usage } from './usage';

type Program = (words: readonly string[], settings: ProjectSettings) => string | Promise<string>;

/** To stderr; names of files and keys stand in it. */
const warn = (line: string): void => console.error(printable(line));

/** What each prints. */
const programs: Readonly<Record<string, Program>> = {
  async evaluate(words, settings) {
    const command = parseEvaluate(words);
    if (command === 'help') return usage;
    const { run, report } = await evaluate(command, settings, warn);
    return `${run.folder}\n${report.text}`;
  },
  async leaderboard(words, settings) {
    const command = parseLeaderboard(words);
    if (command === 'help') return usage;
    const { fromMlflow } = command;
    const { runsRoot, leftOut } =
      fromMlflow === undefined ? { runsRoot: settings.runs, leftOut: [] } : await runsFromMlflow(fromMlflow, settings);
    for (const line of leftOut) warn(`left out: ${line}`);
    return writeLeaderboard(leaderboardOf(runsRoot, command, settings, warn), command, settings);
  },
  score(words, settings) {
    const command = parseScore(words);
    if (command === 'help') return usage;
    const readings: string[] = [];
    const leaderboard = scorePredictions(command, settings, (line) => readings.push(line));
    return [...readings.map(printable), '', renderText(leaderboard)].join('\n');
  },
};

async function main([name, ...words]: readonly string[]): Promise<void> {
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
