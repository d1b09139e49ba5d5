import { mkdirSync } from 'node:fs';
import { onDisk, writeSharedFileAtomically } from '@tass/files';
import type { FeatureStore } from '../feature-store';
import { valuesPerRecord } from '../manifest';
import { npyBytes } from './npy-bytes';
import { npyFile } from './source-folder';

/**
 * Writes `<folder>/<video id>.npy` for each of `keys`, in the form that public Python code reads: the field's shape, one row for each
 * segment. Code that expects one row a second must not take every sixth row here. `class-and-patches` is frame and patch in one array
 * [time, 1 + regions, joint]. The store has float16; most published models expect float32. Throws for a field of texts, an unknown field,
 * missing videos and damaged shards, before it writes anything; DiskError.
 */
export async function exportNpy(
  store: FeatureStore,
  field: string, // of the store, or class-and-patches
  keys: readonly string[],
  folder: string,
  type: 'float16' | 'float32' = 'float32',
): Promise<void> {
  const together = field === 'class-and-patches';
  const { key, shape } = store.describe(together ? 'patch' : field);
  if (key !== 'video') throw new Error(`${field} belongs to texts, expected a field of videos: files are named by the video's id`);
  const missing = store.missing(together ? 'patch' : field, keys);
  if (missing.length > 0) {
    const some = missing.slice(0, 3).join(', ');
    throw new Error(`${field} of ${missing.length} videos (${some}${missing.length > 3 ? ', ...' : ''}) is missing from the store`);
  }
  if (together && store.describe('frame').shape[1] !== shape[2])
    throw new Error(
      `frames have ${store.describe('frame').shape[1]} values, patches ${shape[2]}: no array holds both. Export frame and patch`,
    );
  for (const read of together ? ['frame', 'patch'] : [field]) await store.verified(read, keys);
  onDisk(`the folder ${folder} cannot be made`, folder, () => mkdirSync(folder, { recursive: true }));
  for (const id of keys) {
    const bytes = together ? classAndPatches(store, id, type) : npyBytes(shape, store.read(field, [id]), type);
    writeSharedFileAtomically(npyFile(folder, id), bytes);
  }
}

function classAndPatches(store: FeatureStore, id: string, type: 'float16' | 'float32'): Uint8Array {
  const description = store.describe('patch');
  const [time, regions, width] = description.shape;
  const frame = store.read('frame', [id]);
  const patch = store.read('patch', [id]);
  const values = new Float32Array(valuesPerRecord(description) + time * width);
  for (let segment = 0; segment < time; segment++) {
    const start = segment * (1 + regions) * width;
    values.set(frame.subarray(segment * width, (segment + 1) * width), start);
    values.set(patch.subarray(segment * regions * width, (segment + 1) * regions * width), start + width);
  }
  return npyBytes([time, 1 + regions, width], values, type);
}
