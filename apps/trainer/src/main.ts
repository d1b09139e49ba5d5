import { createRequire } from 'node:module';
import { projectSettings } from '@tass/config';
import { runProgram } from '@tass/program';
import { isMultirun } from './command-line';
import { newUsage, sweepUsage, trainUsage } from './usage';

const load = createRequire(__filename); // each command loads its code when it is called
const usage = () => trainUsage(projectSettings().experiments);

const train = (words: readonly string[]) =>
  (load('./train-command') as typeof import('./train-command')).trainCommand(words, projectSettings());
const sweep = (words: readonly string[]) =>
  (load('./sweep-command') as typeof import('./sweep-command')).sweepCommand(words, projectSettings());
const cell = (words: readonly string[]) =>
  (load('./cell-command') as typeof import('./cell-command')).cellCommand(words, projectSettings());
const data = (words: readonly string[]) =>
  (load('./data-command') as typeof import('./data-command')).dataCommand(words, projectSettings());
const newNetwork = (words: readonly string[]) =>
  (load('./new-command') as typeof import('./new-command')).newCommand(words, projectSettings());

/** A sweep starts `cell` and `data`; users start the others. */
void runProgram('trainer', {
  train: { usage, run: (words) => (isMultirun(words) ? sweep(words) : train(words)) },
  sweep: { usage: () => sweepUsage(projectSettings().experiments), run: sweep },
  new: { usage: () => newUsage, run: newNetwork },
  cell: { usage, run: cell },
  data: { usage, run: data },
});
