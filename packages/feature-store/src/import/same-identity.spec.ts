import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreFolder } from '../store-folder';
import { importFolder, videos } from './fixtures/import-folder';
import { importFeatures, type ImportOptions } from './import-features';

/** Digests of these stores as the first version of the importer made them: runs name their features by them. */
const digests = { class: 'd266b4549a65da13', framed: '492dac1188a73a04', sound: '5e3f1171c6c3ecdd' };

it('makes the stores that it has always made of the same files', async () => {
  const { root, options, write } = importFolder();
  const folderOf = (name: string, ids: readonly string[], shape: number[]): string => {
    const folder = join(root, name);
    mkdirSync(folder);
    for (const id of ids) write(id, shape, (i) => ((i * 7 + id.length + id.charCodeAt(id.length - 1)) % 97) / 8, folder);
    return folder;
  };
  const patches = folderOf('patches', videos.slice(0, -1), [6, 5, 2]); // the last one is a fault
  const frames = folderOf('frames', videos, [6, 2]);
  const cases: Record<keyof typeof digests, Partial<ImportOptions> & Pick<ImportOptions, 'from'>> = {
    class: { from: patches, layout: 'class-and-patches' },
    framed: { from: patches, frames, layout: 'patches' },
    sound: { from: folderOf('sound', videos, [6, 4]), as: 'audio' },
  };
  const made: Record<string, string> = {};
  for (const [name, more] of Object.entries(cases)) {
    const { folder } = await importFeatures({ ...options, ...more, name, videos });
    made[name] = StoreFolder.open(folder).digest.slice(0, 16);
  }
  rmSync(root, { recursive: true });
  expect(made).toEqual(digests);
});
