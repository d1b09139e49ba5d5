import { createRequire } from 'node:module';
import { projectSettings } from '@tass/config';
import { runProgram } from '@tass/program';
import { checkUsage, exportUsage, importUsage, prepareUsage } from './usage';

const load = createRequire(__filename); // each command loads its code when it is asked for

void runProgram('features', {
  prepare: {
    usage: () => prepareUsage(projectSettings().experiments),
    run: (words) => (load('./prepare-command') as typeof import('./prepare-command')).prepareCommand(words, projectSettings()),
  },
  check: {
    usage: () => checkUsage(projectSettings().experiments),
    run: (words) => (load('./check-command') as typeof import('./check-command')).checkCommand(words, projectSettings()),
  },
  import: {
    usage: () => importUsage,
    run: (words) => (load('./import-command') as typeof import('./import-command')).importCommand(words, projectSettings()),
  },
  export: {
    usage: () => exportUsage,
    run: (words) => (load('./export-command') as typeof import('./export-command')).exportCommand(words, projectSettings()),
  },
});
