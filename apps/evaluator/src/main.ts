import { createRequire } from 'node:module';
import { projectSettings } from '@tass/config';
import { runProgram, shellWord, untilStopped, type Command } from '@tass/program';
import { usage } from './usage';

const load = createRequire(__filename);

/** When stopped, these commands have to end ffmpeg and remove temporary files. What each one keeps: */
const leaves: Readonly<Record<string, string>> = {
  ask: 'the pages of answered questions are kept. To ask all',
  demo: 'no page is kept. To start it',
  explain: 'finished pages and their index are kept. To write all',
};

const command = (name: keyof typeof usage): Command => {
  const run = async (words: readonly string[], signal?: AbortSignal): Promise<number> => {
    const { programs } = load('./programs') as typeof import('./programs'); // loaded late, because a help text needs no engine
    const text = await programs[name](words, projectSettings(), signal);
    if (text !== undefined) console.log(text);
    return 0;
  };
  const stopped = (words: readonly string[]): string =>
    `stopped; ${leaves[name]}: npx nx run evaluator:${name} ${words.map(shellWord).join(' ')}`;
  return {
    usage: () => usage[name],
    run: (words) => (name in leaves ? untilStopped((signal) => run(words, signal), { stopped: stopped(words) }) : run(words)),
  };
};

void runProgram('evaluator', {
  ask: command('ask'),
  demo: command('demo'),
  evaluate: command('evaluate'),
  explain: command('explain'),
  leaderboard: command('leaderboard'),
  score: command('score'),
});
