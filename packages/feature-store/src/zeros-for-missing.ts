import type { FeatureStore } from './feature-store';
import { valuesPerRecord } from './manifest';

/** `store` with a record of zeros for each key that it has none of: a video without sound is then silence, and every question is scored. */
export function zerosForMissing(store: FeatureStore): FeatureStore {
  return {
    ...store,
    missing: () => [],
    read(field, keys, into) {
      const length = valuesPerRecord(store.describe(field));
      const target = into ?? new Float32Array(length * keys.length);
      const missing = new Set(store.missing(field, keys));
      keys.forEach((key, row) => {
        const record = target.subarray(row * length, (row + 1) * length);
        if (missing.has(key)) record.fill(0);
        else store.read(field, [key], record);
      });
      return target;
    },
  };
}
