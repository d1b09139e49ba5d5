import type { FeatureStore } from './feature-store';
import { valuesPerRecord } from './manifest';

/** `store` with a record of zeros for each missing key: a video without sound counts as silent, and every question is scored. */
export function zerosForMissing(store: FeatureStore): FeatureStore {
  const lengthOf = (field: string): number => valuesPerRecord(store.describe(field));
  /** Fills `target` record by record, those that are there by `read`. */
  const fill = <Values extends Float32Array | Uint16Array>(
    field: string,
    keys: readonly string[],
    target: Values,
    read: (key: string, record: Values) => void,
  ): Values => {
    const length = lengthOf(field);
    const missing = new Set(store.missing(field, keys));
    keys.forEach((key, row) => {
      const record = target.subarray(row * length, (row + 1) * length) as Values;
      if (missing.has(key)) record.fill(0);
      else read(key, record);
    });
    return target;
  };
  return {
    ...store,
    missing: () => [],
    read: (field, keys, into = new Float32Array(lengthOf(field) * keys.length)) =>
      fill(field, keys, into, (key, record) => store.read(field, [key], record)),
    readHalves: (field, keys, into = new Uint16Array(lengthOf(field) * keys.length)) =>
      fill(field, keys, into, (key, record) => store.readHalves(field, [key], record)),
  };
}
