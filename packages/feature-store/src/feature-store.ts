import { createHash } from 'node:crypto';
import type { Expected } from './identity';
import type { FieldDescription, HowToPrepare } from './manifest';
import type { Doubt, ShortVideo } from './shard';
import { StoreFolder } from './store-folder';

/** Frozen features by video id or question text, read from disk on demand. */
export interface FeatureStore {
  readonly folders: readonly StoreFolder[]; // that it reads
  readonly digest: string; // sha256, changes with any value of the store
  readonly logitScale?: number; // of CLIP, if its features exist
  readonly fields: readonly string[];
  /** Key kind, axes and shape of a record. Throws for an unknown field. */
  describe(field: string): FieldDescription;
  /** The keys in `keys` without a record, each once. */
  missing(field: string, keys: readonly string[]): string[];
  /** The reason why making the record of `key` failed, if it did. */
  whyMissing(field: string, key: string): string | undefined;
  /** The suspicious records of `keys`. */
  doubts(field: string, keys: readonly string[]): Doubt[];
  /** The records of `keys` whose video is too short, with its length in seconds; its last second is repeated. */
  shortVideos(field: string, keys: readonly string[]): ShortVideo[];
  /**
   * The records of `keys`, one after the other, in `into` (made if left out): [keys.length, ...shape]. Throws for a missing key or a value
   * that is not finite, and names it.
   */
  read(field: string, keys: readonly string[], into?: Float32Array): Float32Array;
  /** Like `read`, in the store's half precision. */
  readHalves(field: string, keys: readonly string[], into?: Uint16Array): Uint16Array;
  /**
   * Resolves once every shard that was read, and every one with `keys`, has passed: its sha256, which a thread computes from its first read
   * on, matches its description. Store no result computed from records before that. Rejects with the shard's name; reading then throws the
   * same error.
   */
  verified(field?: string, keys?: readonly string[]): Promise<void>;
  close(): void;
}

/** A folder of features and its expected content. */
export interface StorePart {
  readonly folder: string;
  readonly expected?: Expected;
  readonly howToPrepare?: HowToPrepare; // appended to its errors
}

/**
 * Opens the folders of several encoders as one store. Throws if a folder is missing, differs from what is expected, is truncated, or has a
 * field that another one has too.
 */
export function openFeatureStore(parts: readonly StorePart[]): FeatureStore {
  const stores = parts.map(({ folder, expected, howToPrepare }) => StoreFolder.open(folder, expected, howToPrepare));
  const byField = new Map<string, StoreFolder>();
  for (const store of stores) {
    for (const field of store.fields) {
      const other = byField.get(field);
      if (other) throw new Error(`both ${other.folder} and ${store.folder} hold the field ${field}. Open one of them`);
      byField.set(field, store);
    }
  }
  const holding = (field: string): StoreFolder => {
    const store = byField.get(field);
    if (store) return store;
    const folders = stores.map(({ folder }) => folder).join(', ');
    throw new Error(`no field ${field} in ${folders}; the fields are ${[...byField.keys()].join(', ')}`);
  };
  return {
    folders: stores,
    digest: createHash('sha256')
      .update(stores.map(({ digest }) => digest).join())
      .digest('hex'),
    logitScale: stores.find(({ logitScale }) => logitScale !== undefined)?.logitScale,
    fields: [...byField.keys()],
    describe: (field) => holding(field).describe(field),
    missing: (field, keys) => holding(field).missing(field, keys),
    whyMissing: (field, key) => holding(field).whyMissing(field, key),
    doubts: (field, keys) => holding(field).doubts(field, keys),
    shortVideos: (field, keys) => holding(field).shortVideos(field, keys),
    read: (field, keys, into) => holding(field).read(field, keys, into),
    readHalves: (field, keys, into) => holding(field).readHalves(field, keys, into),
    verified: async (field, keys) => {
      for (const store of field === undefined ? stores : [holding(field)]) await store.verified(field, keys);
    },
    close: () => stores.forEach((store) => store.close()),
  };
}
