import { createRequire } from 'node:module';
import { projectSettings } from '@tass/config';
import { runProgram, untilStopped, type Command } from '@tass/program';
import { usage } from './usage';

const load = createRequire(__filename);

/** These have files of their own in the temporary folder, and ffmpeg at work, to end. */
const hasFiles: ReadonlySet<string> = new Set(['ask', 'explain']);

const command = (name: 'ask' | 'evaluate' | 'explain' | 'leaderboard' | 'score'): Command => {
  const run = async (words: readonly string[], signal?: AbortSignal): Promise<number> => {
    const { programs } = load('./programs') as typeof import('./programs'); // only now: a help text needs no engine
    const text = await programs[name](words, projectSettings(), signal);
    if (text !== undefined) console.log(text);
    return 0;
  };
  return { usage: () => usage, run: (words) => (hasFiles.has(name) ? untilStopped((signal) => run(words, signal)) : run(words)) };
};

void runProgram('evaluator', {
  ask: command('ask'),
  evaluate: command('evaluate'),
  explain: command('explain'),
  leaderboard: command('leaderboard'),
  score: command('score'),
});
