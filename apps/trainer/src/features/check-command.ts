import type { ProjectSettings } from '@tass/config';
import { describeFault, faultsIn, loadExperiment, readWanted, storeParts } from '@tass/experiment';
import { checkStore, openFeatureStore } from '@tass/feature-store';
import { parseFeatures } from './command-line';
import { checkUsage } from './usage';

/**
 * Reads all features that an experiment needs and prints a line for everything that is wrong: missing (with the reason), cut off, of another
 * source, changed, not finite, doubtful. Ends with 1 where anything is.
 */
export async function checkCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseFeatures(words, {});
  if (command.help) {
    console.log(checkUsage(settings.experiments));
    return 0;
  }
  const wanted = readWanted(loadExperiment(settings, command.experiment, command.overrides), settings);
  if (!wanted) {
    console.log(`${command.experiment} reads no features`);
    return 0;
  }
  const parts = storeParts(wanted);
  const problems = parts.flatMap(({ folder, expected }) => checkStore(folder, expected).map(({ message }) => message));
  if (problems.length === 0) {
    const store = openFeatureStore(parts);
    problems.push(...faultsIn(store, wanted).map(describeFault));
    store.close();
  }
  for (const problem of problems) console.log(problem);
  const asked = `${wanted.videos.length} videos and ${wanted.texts.length} texts`;
  console.log(
    problems.length === 0
      ? `the features of ${asked} are complete, whole and finite`
      : `${problems.length} problems in the features of ${asked}`,
  );
  return problems.length === 0 ? 0 : 1;
}
