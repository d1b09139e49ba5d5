import { checkConfig, composeExperiment, ConfigError, takePart, type ProjectSettings } from '@tass/config';
import { shellWord } from '@tass/program';
import { refuseOtherNetworks } from './networks';
import { experimentSchemaFor, type Experiment } from './schema';

/**
 * The experiment `name` of the project's experiments folder with the overrides of a command line, checked.
 * Throws ConfigError with every mistake, each with its file, line and key.
 */
export function loadExperiment(settings: ProjectSettings, name: string, overrides: readonly string[] = []): Experiment {
  const composed = composeExperiment({ root: settings.experiments, name, overrides });
  const { part } = takePart(composed, 'sweep');
  if (part)
    throw new ConfigError([
      `${part.sourceOf(['sweep'])}: ${name} is a grid of experiments. Run it: npx nx run trainer:sweep ${shellWord(`--exp=${name}`)}`,
    ]);
  return checkExperiment(composed);
}

/** Like `loadExperiment`, for a composed experiment, such as that of a run folder. */
export function checkExperiment(composed: Parameters<typeof checkConfig>[0]): Experiment {
  refuseOtherNetworks(composed);
  return checkConfig(composed, experimentSchemaFor(composed.config));
}
