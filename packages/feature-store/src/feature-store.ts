import { createHash } from 'node:crypto';
import type { Expected } from './identity';
import type { FieldDescription, HowToPrepare } from './manifest';
import type { Doubt, ShortVideo } from './shard';
import { StoreFolder } from './store-folder';

/** Frozen features by video id or question text, read from the disk as they are asked for. */
export interface FeatureStore {
  readonly folders: readonly StoreFolder[]; // that it reads
  readonly digest: string; // sha256, changes with any value of the store
  readonly logitScale?: number; // of CLIP, where its features are there
  readonly fields: readonly string[];
  /** Key kind, axes and shape of one record. Throws for a field that is not there. */
  describe(field: string): FieldDescription;
  /** The keys among `keys` that there is no record of, each once. */
  missing(field: string, keys: readonly string[]): string[];
  /** Why there is no record of `key`, where making it failed. */
  whyMissing(field: string, key: string): string | undefined;
  /** The records of `keys` that are there but can hardly be right. */
  doubts(field: string, keys: readonly string[]): Doubt[];
  /** The records of `keys` whose video is too short, with how many seconds it lasts: its last second is repeated. */
  shortVideos(field: string, keys: readonly string[]): ShortVideo[];
  /**
   * The records of `keys`, one after the other, in `into` (made if left out): [keys.length, ...shape].
   * Throws for a key that is not there and for a value that is not finite, naming both.
   */
  read(field: string, keys: readonly string[], into?: Float32Array): Float32Array;
  /** As `read`, in half precision as the store keeps them. */
  readHalves(field: string, keys: readonly string[], into?: Uint16Array): Uint16Array;
  /**
   * Resolves once every shard that records were read from, and every one that holds `keys`, has passed: its sha256, computed by a thread from its
   * first read on, is that of its description. Nothing that was computed from records may be kept before. Rejects naming the shard; from then on
   * reading throws the same.
   */
  verified(field?: string, keys?: readonly string[]): Promise<void>;
  close(): void;
}

/** A folder of features and what it must hold. */
export interface StorePart {
  readonly folder: string;
  readonly expected?: Expected;
  readonly howToPrepare?: HowToPrepare; // ends its errors
}

/**
 * Opens the folders of several encoders as one store.
 * Throws when a folder is not there, is not what is expected, is cut off, or holds a field that another one holds too.
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
