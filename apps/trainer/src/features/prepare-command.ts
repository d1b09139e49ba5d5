import { readConfig, type ProjectSettings } from '@tass/config';
import {
  checkExperiment,
  couldAskPresent,
  describeFault,
  featuresCommand,
  fetchModels,
  listFaults,
  loadExperiment,
  makeData,
  readWanted,
  storeParts,
  type Experiment,
} from '@tass/experiment';
import { say } from '../say';
import { launcherOf } from '../sweep-plan';
import { parseFeatures } from './command-line';
import { listFeatureJobs, runFeatureJobs } from './feature-jobs';
import { prepareUsage } from './usage';

const STOPPED = 130;

/**
 * Makes all that an experiment reads: fetches its encoders, extracts frames and sound of video files, encodes these and the questions. Ends with 1 where videos failed
 * and the experiment does not accept that, 130 where it was stopped; the same command goes on.
 */
export async function prepareCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseFeatures(words, { file: 'value', list: 'value', refresh: 'flag' });
  if (command.help) {
    console.log(prepareUsage(settings.experiments));
    return 0;
  }
  const { file, list, refresh } = command.options; // file: of a resolved experiment, as sweeps hand it over
  const experiment =
    file === undefined ? loadExperiment(settings, command.experiment, command.overrides) : checkExperiment(readConfig(file));
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new Error('stopped; what is finished stays. To go on: the same command again'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    await fetchModels(experiment, settings, stop.signal);
    if (list !== undefined) return await listFeatureJobs(experiment, settings, list);
    if (command.launcherWords.length > 0) {
      const launcher = launcherOf(command.experiment, command.launcherWords, settings);
      await runFeatureJobs(experiment, settings, launcher, stop.signal);
    } else await makeData(experiment, settings, { extract: true, refresh, signal: stop.signal });
    return sayResult(experiment, settings);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say((error as Error).message);
    return STOPPED;
  }
}

const shownFaults = 20;

function sayResult(experiment: Experiment, settings: ProjectSettings): number {
  const wanted = readWanted(experiment, settings);
  if (!wanted) return 0;
  const { faults, remarks } = listFaults(wanted);
  for (const fault of faults.slice(0, shownFaults)) console.log(describeFault(fault));
  if (faults.length > shownFaults)
    console.log(`... and ${faults.length - shownFaults} more. All of them: ${featuresCommand('check', wanted)}`);
  for (const line of remarks) console.log(line);
  for (const { folder } of storeParts(wanted)) console.log(folder);
  if (faults.length === 0 || wanted.config.faults === 'accept') return 0;
  const present = couldAskPresent(experiment) ? 'Or leave out videos that are not here: dataset.questions=present. ' : '';
  console.log(
    `${faults.length} faults. Mend these videos and run the same command again. ${present}` +
      'Or train with features.faults=accept, which reads missing features as zeros',
  );
  return 1;
}
