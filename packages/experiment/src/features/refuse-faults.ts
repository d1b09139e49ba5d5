import { readCheckReport, StoreFolder } from '@tass/feature-store';
import { type FeatureFault } from './list-faults';
import { prepareCommand } from './prepare-command';
import { storeParts, type WantedFeatures } from './wanted-features';

/**
 * A line for all fields of which the same is missing or doubtful. Throws with these lines where there is any, unless the experiment says
 * features.faults=accept.
 */
export function refuseFaults(faults: readonly FeatureFault[], wanted: WantedFeatures): string[] {
  const byField = groupsOf(faults, ({ kind, field }) => `${kind} ${field}`);
  const alike = groupsOf(byField, (group) => `${group[0].kind} ${group.map(({ key }) => key).join('\0')}`);
  const lines = alike.map((groups) => describe(groups.map(([{ field }]) => field), groups[0])); // prettier-ignore
  if (lines.length === 0 || wanted.config.faults === 'accept') return lines;
  throw new Error(
    `experiment: ${lines.join('; ')}. In the feature store ${wanted.plan.storeRoot}. Run: ${prepareCommand(wanted)}. What cannot be mended: ` +
      'features.faults=accept reads what is missing as zeros and what is doubtful as it is',
  );
}

/** As `refuseFaults`, with what encoders:check found when it read everything: features that have changed on the disk, or of other frames. */
export function refuseFoundProblems(wanted: WantedFeatures): string[] {
  const lines = storeParts(wanted).flatMap(({ folder }) => {
    const store = StoreFolder.open(folder);
    store.close();
    const found = readCheckReport(folder, store.digest);
    return found.length === 0 ? [] : [`encoders:check found ${found.length} problems in ${folder}, the first: ${found[0]}`];
  });
  if (lines.length === 0 || wanted.config.faults === 'accept') return lines;
  throw new Error(`experiment: ${lines.join('; ')}. Mend it and run encoders:check once more, or accept it: features.faults=accept`);
}

function describe(fields: readonly string[], faults: readonly FeatureFault[]): string {
  const some = faults.slice(0, 3).map(nameOf).join(', ');
  return `${fields.join(', ')} ${fields.length > 1 ? 'are' : 'is'} ${faults[0].kind} for ${faults.length} of the dataset's ${kindOf(faults[0])}, the first: ${some}`;
}

function groupsOf<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

const kindOf = ({ field }: FeatureFault): string => (field === 'sentence' || field === 'words' ? 'texts' : 'videos');

const nameOf = ({ key, reason }: FeatureFault): string => (reason === '' ? key : `${key} (${reason})`);
