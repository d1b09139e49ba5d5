import { createRequire } from 'node:module';
import { composeExperiment, ConfigError, explainDefaults, severalValuesIn, writtenYaml, type ProjectSettings } from '@tass/config';
import { parseTrain, type TrainCommand } from './command-line';

/**
 * Trains one experiment, from the start or from where a run was stopped, or prints its configuration. Printing it as written takes half the
 * time, because it loads no training code.
 */
export async function trainCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseTrain(words);
  refuseSeveralValues(command);
  const written = writtenConfiguration(command, settings);
  if (written === undefined) return startTraining()(command, settings);
  console.log(written.trimEnd());
  return 0;
}

function refuseSeveralValues({ overrides }: TrainCommand): void {
  const mistakes = overrides.flatMap((word) => severalValuesIn(word) ?? []);
  const advice = 'to run each of them add -m, or use trainer:sweep';
  if (mistakes.length > 0) throw new ConfigError(mistakes.map((mistake) => `${mistake}; ${advice}`));
}

function writtenConfiguration({ show, resume, experiment: name, overrides }: TrainCommand, settings: ProjectSettings): string | undefined {
  if (resume !== undefined || show === undefined || show === 'resolved') return undefined;
  const composed = composeExperiment({ root: settings.experiments, name: name!, overrides });
  return show === 'cfg' ? writtenYaml(composed) : explainDefaults(composed);
}

const startTraining = () => (createRequire(__filename)('./start-training') as typeof import('./start-training')).startTraining;
