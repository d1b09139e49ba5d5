import type { FeatureStore } from '@tass/feature-store';
import { prepareCommand } from './prepare-command';
import type { WantedFeatures } from './wanted-features';

/**
 * What is missing or doubtful of the features that the network reads, a line for each field. Throws where there is any, unless the
 * experiment says features.faults=accept.
 */
export function refuseFaults(features: FeatureStore, fields: readonly [string, readonly string[]][], wanted: WantedFeatures): string[] {
  const faults = fields.flatMap(([field, keys]) => [...missing(features, field, keys), ...doubtful(features, field, keys)]);
  if (faults.length === 0 || wanted.config.faults === 'accept') return faults;
  throw new Error(
    `experiment: ${faults.join('; ')}. In the feature store ${wanted.plan.storeRoot}. Run: ${prepareCommand(wanted)}. What cannot be made whole: ` +
      'features.faults=accept reads what is missing as zeros and what is doubtful as it is',
  );
}

function missing(features: FeatureStore, field: string, keys: readonly string[]): string[] {
  const { key: kind } = features.describe(field);
  const keysWithout = features.missing(field, keys);
  if (keysWithout.length === 0) return [];
  const some = keysWithout.slice(0, 3).map((key) => {
    const reason = features.whyMissing(field, key);
    return reason ? `${key} (${reason})` : key;
  });
  return [`${field} is missing for ${keysWithout.length} of the dataset's ${kind}s, the first: ${some.join(', ')}`];
}

function doubtful(features: FeatureStore, field: string, keys: readonly string[]): string[] {
  const doubts = features.doubts(field, keys);
  if (doubts.length === 0) return [];
  const some = doubts.slice(0, 3).map(({ key, reason }) => `${key} (${reason})`);
  return [`${field} is doubtful for ${doubts.length} of the dataset's ${features.describe(field).key}s, the first: ${some.join(', ')}`];
}
