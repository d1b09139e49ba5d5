import { openFeatureStore, type FeatureStore } from '@tass/feature-store';
import { neededFields, storeParts, type WantedFeatures } from './wanted-features';

/** One thing that is wrong with the features of one video or text. */
export interface FeatureFault {
  readonly kind: 'missing' | 'doubtful';
  readonly field: string;
  readonly key: string;
  readonly reason: string; // '' where it was never made
}

/** What is missing or doubtful of the features that an experiment reads. Throws where there is no store. */
export function listFaults(wanted: WantedFeatures): FeatureFault[] {
  const store = openFeatureStore(storeParts(wanted));
  try {
    return faultsIn(store, wanted);
  } finally {
    store.close();
  }
}

/** As `listFaults`, in an open store. */
export const faultsIn = (store: FeatureStore, wanted: WantedFeatures): FeatureFault[] =>
  neededFields(wanted).flatMap(([field, keys]) => [
    ...store.missing(field, keys).map((key) => ({ kind: 'missing' as const, field, key, reason: store.whyMissing(field, key) ?? '' })),
    ...store.doubts(field, keys).map(({ key, reason }) => ({ kind: 'doubtful' as const, field, key, reason })),
  ]);

/** A fault as a line for people. */
export const describeFault = ({ kind, field, key, reason }: FeatureFault): string =>
  `${field} of ${key} is ${kind}${reason === '' ? '' : `: ${reason}`}`;
