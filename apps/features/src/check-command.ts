import type { ProjectSettings } from '@tass/config';
import { findStale } from '@tass/encoders';
import { describeFault, listFaults, loadExperiment, readWanted, storeParts, type WantedFeatures } from '@tass/experiment';
import { checkStore, StoreFolder, writeCheckReport } from '@tass/feature-store';
import { parseFeatures } from './command-line';

/**
 * Reads all features that an experiment needs and prints a line for everything that is wrong: missing (with the reason), cut off, of another
 * source, changed, not finite, doubtful, made of frames or sound that are others now. Ends with 1 where anything is. What takes long to find
 * is kept beside the store, and training refuses it.
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
    if (!command.options['skip-media']) problems.push(...(await staleRecords(wanted)));
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

function problemsOfStores(wanted: WantedFeatures): string[] {
  return storeParts(wanted).flatMap(({ folder, expected, howToPrepare }) => {
    const messages = checkStore(folder, expected, howToPrepare).map(({ message }) => message);
    keep(folder, messages);
    return messages;
  });
}

/** Kept with the store of the records; deleting its shards' descriptions makes them anew. */
async function staleRecords({ plan, videos }: WantedFeatures): Promise<string[]> {
  const stale = await findStale(plan, videos);
  const messages = stale.map(({ folder, shard, stage, videoId }) => {
    return {
      folder,
      message: `${stage} of ${videoId} is stale: its ${stage} in the dataset are others now. Delete ${shard}, then prepare again`,
    };
  });
  for (const folder of new Set(messages.map((each) => each.folder))) {
    keep(
      folder,
      messages.filter((each) => each.folder === folder).map(({ message }) => message),
    );
  }
  return messages.map(({ message }) => message);
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
