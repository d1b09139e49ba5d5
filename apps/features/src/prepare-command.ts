import { readConfig, type ProjectSettings } from '@tass/config';
import { checkExperiment, fetchModels, loadExperiment, makeData, sayFeatures } from '@tass/experiment';
import { untilStopped, UsageError } from '@tass/program';
import { launcherOf } from '@tass/sweep';
import { parseFeatures } from './command-line';
import { listFeatureJobs, runFeatureJobs } from './feature-jobs';

/**
 * Makes all that an experiment reads: fetches its encoders, extracts frames and sound of video files, encodes these and the questions. Ends with 1 where videos failed
 * and the experiment does not accept that, 130 where it was stopped; the same command resumes it.
 */
export async function prepareCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseFeatures(words, { file: 'path', list: 'path', refresh: 'flag' });
  const { file, list, refresh } = command.options; // file: of a resolved experiment, such as a run's
  const experiment =
    file === undefined ? loadExperiment(settings, command.experiment, command.overrides) : checkExperiment(readConfig(file));
  if (list !== undefined && refresh)
    throw new UsageError(
      '--refresh and --list exclude each other: which features to make again shows once frames and sound are made again. Use --refresh alone, or with launcher=',
    );
  return untilStopped(async (signal) => {
    await fetchModels(experiment, settings, signal);
    if (list !== undefined) return listFeatureJobs(experiment, settings, list);
    if (command.launcherWords.length === 0) return sayFeatures(await makeData(experiment, settings, { refresh, signal }), signal);
    const launcher = launcherOf(command.experiment, command.launcherWords, settings);
    return sayFeatures(await runFeatureJobs(experiment, settings, launcher, { refresh, signal }), signal);
  });
}
