import { createRequire } from 'node:module';
import { projectSettings } from '@tass/config';
import { runProgram, type Command } from '@tass/program';
import { usage } from './usage';

const load = createRequire(__filename);

const command = (name: 'evaluate' | 'leaderboard' | 'score'): Command => ({
  usage: () => usage,
  async run(words) {
    const { programs } = load('./programs') as typeof import('./programs'); // only now: a help text needs no engine
    console.log(await programs[name](words, projectSettings()));
    return 0;
  },
});

void runProgram('evaluator', { evaluate: command('evaluate'), leaderboard: command('leaderboard'), score: command('score') });
