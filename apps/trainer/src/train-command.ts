import { createRequire } from 'node:module';
import { composeExperiment, explainDefaults, writtenYaml, type ProjectSettings } from '@tass/config';
import { parseTrain, type TrainCommand } from './command-line';

/**
 * Trains one experiment, anew or from where a run of it was stopped, or prints its configuration. A configuration as its files have it needs
 * none of the code that trains: it is printed in half the time.
 */
export async function trainCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseTrain(words);
  const written = writtenConfiguration(command, settings);
  if (written === undefined) return startTraining()(command, settings);
  console.log(written.trimEnd());
  return 0;
}

function writtenConfiguration({ show, resume, experiment: name, overrides }: TrainCommand, settings: ProjectSettings): string | undefined {
  if (resume !== undefined || show === undefined || show === 'resolved') return undefined;
  const composed = composeExperiment({ root: settings.experiments, name: name!, overrides });
  return show === 'cfg' ? writtenYaml(composed) : explainDefaults(composed);
}

const startTraining = () => (createRequire(__filename)('./start-training') as typeof import('./start-training')).startTraining;
