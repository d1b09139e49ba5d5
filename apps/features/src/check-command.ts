import type { ProjectSettings } from '@tass/config';
import { findStale } from '@tass/encoders';
import {
  describeFault,
  featuresCommand,
  findChangedMedia,
  listFaults,
  loadExperiment,
  readWanted,
  storeParts,
  type WantedFeatures,
} from '@tass/experiment';
import { checkStore, StoreFolder, writeCheckReport } from '@tass/feature-store';
import { counted } from '@tass/program';
import { type Progress, showProgress } from '@tass/progress';
import { parseFeatures } from './command-line';

/**
 * Reads all features that an experiment needs and prints a line for everything that is wrong: missing (with the reason), cut off, of another
 * source, changed, not finite, doubtful, made of frames or sound, or of a video, that are others now. Ends with 1 where anything is. What takes long to find
 * in features is kept beside their store, and training refuses it.
 */
export async function checkCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseFeatures(words, { 'skip-media': 'flag' });
  const wanted = readWanted(loadExperiment(settings, command.experiment, command.overrides), settings);
  if (!wanted) {
    console.log(`${command.experiment} reads no features`);
    return 0;
  }
  const problems = problemsOfStores(wanted);
  if (problems.length === 0) {
    const { faults, remarks } = listFaults(wanted);
    for (const line of remarks) console.log(line);
    problems.push(...faults.map(describeFault));
    if (!command.options['skip-media']) problems.push(...(await mediaProblems(wanted)));
  }
  for (const problem of problems) console.log(problem);
  const asked = `${counted(wanted.videos.length, 'video')} and ${counted(wanted.texts.length, 'text')}`;
  console.log(
    problems.length === 0
      ? `the features of ${asked} are complete, whole and finite`
      : `${counted(problems.length, 'problem')} in the features of ${asked}`,
  );
  return problems.length === 0 ? 0 : 1;
}

function problemsOfStores(wanted: WantedFeatures): string[] {
  return storeParts(wanted).flatMap(({ folder, expected, howToPrepare }) => {
    const messages = checkStore(folder, expected, howToPrepare).map(({ message }) => message);
    keep(folder, messages);
    return messages;
  });
}

/**
 * Features that are not of their frames and sound, and frames and sound that are not of their video, as these are now. The features that are
 * stale are kept with their stores. What was found of videos is not: it mends without a change of the store.
 */
async function mediaProblems(wanted: WantedFeatures): Promise<string[]> {
  let progress: Progress | undefined;
  const { stale, unusable } = await findStale(wanted.plan, wanted.videos, {
    onProgress(done, total) {
      progress ??= showProgress({ label: 'media of features', unit: 'records', total });
      progress.update(done);
    },
  });
  progress?.finish();
  const remedy = `Run: ${featuresCommand('prepare', wanted, '--refresh')}`;
  const found = stale.map(({ folder, stage, videoId }) => ({
    folder,
    message: `${stage} of ${videoId} ${stage === 'sound' ? 'is' : 'are'} stale: the features were made from other ${stage}. ${remedy}`,
  }));
  for (const folder of new Set(found.map((each) => each.folder))) {
    keep(
      folder,
      found.filter((each) => each.folder === folder).map(({ message }) => message),
    );
  }
  return [
    ...found.map(({ message }) => message),
    ...unusable.map(({ stage, videoId, reason }) => `${stage} of ${videoId} cannot be compared with the features: ${reason}`),
    ...(await findChangedMedia(wanted)).map(({ reason }) => reason),
  ];
}

/** A store that cannot even be opened, training refuses by itself. */
function keep(folder: string, problems: readonly string[]): void {
  try {
    const store = StoreFolder.open(folder);
    store.close();
    writeCheckReport(folder, { digest: store.digest, problems });
  } catch {
    return;
  }
}
