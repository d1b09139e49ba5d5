import type { ProjectSettings } from '@tass/config';
import { renderText } from '@tass/leaderboard';
import { printable } from '@tass/program';
import { say } from '@tass/progress';
import { askCommand } from './ask/ask-command';
import { demoCommand } from './demo/demo-command';
import { parseEvaluate, parseLeaderboard, parseScore } from './command-line';
import { evaluate } from './evaluate';
import { explainQuestions } from './explain-command';
import { parseExplain } from './explain-words';
import { runsFromMlflow } from './from-mlflow';
import { leaderboardOf, writeLeaderboard } from './leaderboard-command';
import { scorePredictions } from './score-command';

type Program = (
  words: readonly string[],
  settings: ProjectSettings,
  signal?: AbortSignal,
) => string | undefined | Promise<string | undefined>;

/** Writes to stderr; the line may contain names of files and keys. */
const warn = (line: string): void => say(printable(line));

/** The output of each command; undefined if it has printed already. */
export const programs: Readonly<Record<string, Program>> = {
  async ask(words, settings, signal) {
    await askCommand(words, { settings, print: console.log, signal });
    return undefined;
  },
  async demo(words, settings, signal) {
    await demoCommand(words, { settings, print: console.log, signal: signal! });
    return undefined;
  },
  async evaluate(words, settings) {
    const command = parseEvaluate(words);
    const { run, report, grounding, use } = await evaluate(command, settings, warn);
    return [`${run.folder}\n${report.text}`, ...[grounding, use].flatMap((measured) => measured?.text ?? [])].join('\n');
  },
  explain: (words, settings, signal) => explainQuestions(parseExplain(words), settings, signal),
  async leaderboard(words, settings) {
    const command = parseLeaderboard(words);
    const { fromMlflow } = command;
    const { runsRoot, leftOut } =
      fromMlflow === undefined ? { runsRoot: settings.runs, leftOut: [] } : await runsFromMlflow(fromMlflow, settings);
    for (const line of leftOut) warn(`left out: ${line}`);
    return writeLeaderboard(leaderboardOf(runsRoot, command, settings, warn), command, settings);
  },
  score(words, settings) {
    const command = parseScore(words);
    const readings: string[] = [];
    const leaderboard = scorePredictions(command, settings, (line) => readings.push(line));
    return [...readings.map(printable), '', renderText(leaderboard)].join('\n');
  },
};
