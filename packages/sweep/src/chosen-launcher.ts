import { checkConfig, composeExperiment, ConfigError, severalValuesIn, takePart, type ProjectSettings } from '@tass/config';
import { pathFrom } from '@tass/program';
import { z } from 'zod';
import { launcherSchema, type LauncherConfig } from './launchers';

/** Splits the words of a command line into those for the launcher (`launcher=slurm launcher.time=02:00:00`) and the others. */
export function splitLauncherWords(words: readonly string[]): {
  readonly ofLauncher: readonly string[];
  readonly others: readonly string[];
} {
  const isOfLauncher = (word: string): boolean => /^\+{0,2}launcher[.=]/.test(word);
  return { ofLauncher: words.filter(isOfLauncher), others: words.filter((word) => !isOfLauncher(word)) };
}

/** The option of the group `launcher` in the words, else in the grid's file, else in the project's settings. Throws ConfigError. */
export function launcherOf(name: string, words: readonly string[], settings: ProjectSettings): LauncherConfig {
  const { experiments: root, launcher } = settings;
  const several = words.flatMap((word) => severalValuesIn(word) ?? []);
  if (several.length > 0) throw new ConfigError(several.map((mistake) => `${mistake}. All cells of a sweep share one launcher`));
  const isChosen = takePart(composeExperiment({ root, name }), 'launcher').part !== undefined;
  const named = words.some((word) => word.startsWith('launcher='));
  const chosen = isChosen
    ? words
    : [...(named ? [] : [`+launcher=${launcher}`]), ...words.map((word) => word.replace(/^launcher=/, '+launcher='))];
  const { part } = takePart(composeExperiment({ root, name, overrides: chosen }), 'launcher');
  const config = checkConfig(part!, z.strictObject({ launcher: launcherSchema })).launcher;
  return config.kind === 'slurm' && config.node !== undefined ? { ...config, node: programFrom(settings.root, config.node) } : config;
}

/** A bare name is searched for on the nodes' PATH. */
const programFrom = (root: string, program: string): string =>
  /^~|[\\/]/.test(program) ? pathFrom(root, program, 'launcher.node') : program;
