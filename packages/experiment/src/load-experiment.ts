import { checkConfig, composeExperiment, type ProjectSettings } from '@tass/config';
import { experimentSchema, type Experiment } from './schema';

/**
 * The experiment `name` of the project's experiments folder with the overrides of a command line, checked.
 * Throws ConfigError with every mistake, each with its file, line and key.
 */
export function loadExperiment(settings: ProjectSettings, name: string, overrides: readonly string[] = []): Experiment {
  return checkExperiment(composeExperiment({ root: settings.experiments, name, overrides }));
}

/** As `loadExperiment`, for an experiment that is composed already, such as the one a run folder holds. */
export function checkExperiment(composed: Parameters<typeof checkConfig>[0]): Experiment {
  return checkConfig(composed, experimentSchema);
}
