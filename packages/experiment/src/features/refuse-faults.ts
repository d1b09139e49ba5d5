import { readCheckReport, type FeatureStore } from '@tass/feature-store';
import { counted } from '@tass/program';
import { type FeatureFault, groupsOf } from './list-faults';
import { featuresCommand } from './features-command';
import { couldAskPresent } from './present-videos';
import { commandFor, type WantedFeatures } from './wanted-features';

/**
 * One line for all records with the same problem. Throws with these lines, if there are any, unless the experiment has
 * features.faults=accept.
 */
export function refuseFaults(faults: readonly FeatureFault[], wanted: WantedFeatures): string[] {
  const lines = groupsOf(faults, ({ kind, fields }) => `${kind} ${fields.join()}`).map(describe);
  if (lines.length === 0 || wanted.config.faults === 'accept') return lines;
  const missing = faults.filter(({ kind }) => kind === 'missing').flatMap(({ fields }) => fields);
  const commands = [...new Set(missing.map((field) => commandFor(field, wanted)))];
  const howToMake = commands.length === 0 ? '' : `. To make the missing ones, run: ${commands.join('  and  ')}`;
  const present = couldAskPresent(wanted.experiment) ? '; dataset.questions=present leaves out videos that are not here' : '';
  const short = wanted.config.shortVideos === 'refuse' ? '; features.shortVideos=repeat takes videos that are a little too short' : '';
  throw new Error(
    `${lines.join('; ')}, in the feature store ${wanted.plan.storeRoot}. features.faults=accept reads missing features as zeros and doubtful ones ` +
      `as they are${present}${short}${howToMake}`,
  );
}

/** Like `refuseFaults`, for the findings of features:check: features that have changed on disk, or that come from other frames. */
export function refuseFoundProblems({ folders }: FeatureStore, wanted: WantedFeatures): string[] {
  const lines = folders.flatMap(({ folder, digest }) => {
    const found = readCheckReport(folder, digest);
    return found.length === 0 ? [] : [`features:check found ${counted(found.length, 'problem')} in ${folder}, the first: ${found[0]}`];
  });
  if (lines.length === 0 || wanted.config.faults === 'accept') return lines;
  throw new Error(
    `${lines.join('; ')}. features.faults=accept accepts that. To check again after mending it, run: ${featuresCommand('check', wanted)}`,
  );
}

function describe(faults: readonly FeatureFault[]): string {
  const some = faults.slice(0, 3).map(nameOf).join(', ');
  const [{ fields }] = faults;
  return `${fields.join(', ')} ${fields.length > 1 ? 'are' : 'is'} ${faults[0].kind} for ${faults.length} of the dataset's ${kindOf(faults[0])}, the first: ${some}`;
}

const kindOf = ({ fields: [field] }: FeatureFault): string => (['sentence', 'words', 'prompt'].includes(field) ? 'texts' : 'videos');

const nameOf = ({ key, reason }: FeatureFault): string => (reason === '' ? key : `${key} (${reason})`);
