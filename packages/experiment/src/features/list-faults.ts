import { openFeatureStore, type FeatureStore } from '@tass/feature-store';
import { countShortVideos, shortVideosIn } from './short-videos';
import { neededFields, storeParts, type WantedFeatures } from './wanted-features';

/** A problem with the features of one video or text. */
export interface FeatureFault {
  readonly kind: 'missing' | 'doubtful';
  readonly fields: readonly string[]; // with the same reason
  readonly key: string;
  readonly reason: string; // '' where it was never made
}

export interface ListedFaults {
  readonly faults: readonly FeatureFault[];
  readonly remarks: readonly string[]; // on short videos that the experiment accepts
}

/** The missing or doubtful features of an experiment. Throws if a store is missing. */
export function listFaults(wanted: WantedFeatures): ListedFaults {
  const store = openFeatureStore(storeParts(wanted));
  try {
    return { faults: faultsIn(store, wanted), remarks: countShortVideos(store, wanted) };
  } finally {
    store.close();
  }
}

/** The faults of `listFaults`, in an open store. */
export function faultsIn(store: FeatureStore, wanted: WantedFeatures): FeatureFault[] {
  const found = neededFields(wanted).flatMap(([field, keys]) => [
    ...store.missing(field, keys).map((key) => ({ kind: 'missing' as const, field, key, reason: store.whyMissing(field, key) ?? '' })),
    ...store.doubts(field, keys).map(({ key, reason }) => ({ kind: 'doubtful' as const, field, key, reason })),
  ]);
  if (wanted.config.shortVideos === 'refuse')
    found.push(...shortVideosIn(store, wanted).map((short) => ({ kind: 'doubtful' as const, ...short })));
  const alike = groupsOf(found, ({ kind, key, reason }) => [kind, key, reason].join('\0'));
  return alike.map((group) => ({ ...group[0], fields: group.map(({ field }) => field) }));
}

/** A fault as a line for people. */
export const describeFault = ({ kind, fields, key, reason }: FeatureFault): string =>
  `${fields.join(', ')} of ${key} ${fields.length > 1 ? 'are' : 'is'} ${kind}${reason === '' ? '' : `: ${reason}`}`;

/** Items of one name, in the order of the first of each. */
export function groupsOf<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return [...groups.values()];
}
