import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSealedFile } from '@tass/files';
import { JsonFile } from '../model/folder';
import type { DatasetIdentity } from '@tass/feature-store';

/**
 * Whose videos lie under `root`: an embedded world by the seed and digest of its world.json; anything else is told by its
 * videos' ids alone. Throws for a world.json without a digest.
 */
export function datasetIdentity(root: string): DatasetIdentity {
  const path = join(root, 'world.json');
  if (!existsSync(path)) return { name: 'media', digest: '' };
  const world = new JsonFile(path, readSealedFile(path, 'Make the world again').content);
  const digest = world.get('digest');
  const name = world.get('world');
  if (typeof digest !== 'string' || typeof name !== 'string')
    throw new Error(`${path}: keys world and digest are missing. Make the world again`);
  return { name, digest, seed: world.number('settings.seed') };
}
