import { readConfig, UsageError, type ProjectSettings } from '@tass/config';
import { checkExperiment, makeData } from '@tass/experiment';
import { phase } from './say';

/**
 * Makes the data of one experiment, given by the file of its whole configuration: what many cells of a grid share is made once, before them.
 * Features of a real dataset too, through the launcher that the grid has.
 */
export async function prepareCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) throw new UsageError('trainer: prepare takes one word, the file of a resolved configuration');
  const experiment = checkExperiment(readConfig(file));
  await phase('data', () => makeData(experiment, settings, { extract: true }));
  return 0;
}
