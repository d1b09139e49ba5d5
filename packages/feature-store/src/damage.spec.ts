import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSealed } from '@tass/files';
import { type StoreDescription } from './manifest';
import { openFeatureStore } from './feature-store';
import { StoreFolder } from './store-folder';
import { openForWriting, planShards, writeShard } from './writer';

const description: StoreDescription = {
  encoder: { name: 'tiny-clip', digest: 'aa', readOuts: {}, preprocessing: {} },
  dataset: { name: 'mini-avqa', digest: 'd1', seed: 1 },
  sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
  fields: { frame: { key: 'video', axes: ['time', 'joint'], shape: [2, 3] } },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  openForWriting(folder, description);
  for (const plan of planShards(folder, 'video', ['a', 'b', 'c', 'd'], 2))
    writeShard(folder, description, plan, { values: { frame: Float32Array.from({ length: 6 * plan.keys.length }, (_, at) => at / 8) } });
});
afterEach(() => rmSync(folder, { recursive: true }));

function flip(name: string, byte: number): void {
  const file = join(folder, name);
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  bytes[byte] ^= 4;
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime); // as a copy by a program that keeps times, or a disk that fails
}

it('passes shards that are what was written, and remembers that', async () => {
  const store = openFeatureStore([{ folder }]);
  store.read('frame', ['a', 'd']);
  await store.verified();
  expect(Object.keys(readSealed(readFileSync(join(folder, 'digests.json'), 'utf8')).content as object).sort()).toEqual([
    'frame-00000.bin',
    'frame-00001.bin',
  ]);
  store.close();
});

it('names a shard of which one bit is another, before or while it is in use; from then on nothing is read', async () => {
  for (const isInUse of [false, true]) {
    if (!isInUse) flip('frame-00001.bin', 13);
    const store = openFeatureStore([{ folder }]);
    store.read('frame', ['c']);
    if (isInUse) {
      await store.verified();
      flip('frame-00001.bin', 13);
    }
    const problem = /frame-00001\.bin is not what was written: its sha256 is \w{12}, its description has \w{12}\. Delete that file\. Run: /;
    await expect(store.verified()).rejects.toThrow(problem);
    expect(() => store.read('frame', ['a'])).toThrow(problem);
    store.close();
    flip('frame-00001.bin', 13); // back
  }
});

it('does not look at shards that nothing is read from', async () => {
  flip('frame-00001.bin', 13);
  const store = openFeatureStore([{ folder }]);
  store.read('frame', ['a']);
  await store.verified();
  store.close();
});

it('names a shard that is gone', async () => {
  const store = openFeatureStore([{ folder }]);
  store.read('frame', ['a']);
  await store.verified();
  rmSync(join(folder, 'frame-00000.bin'));
  await expect(store.verified()).rejects.toThrow(/frame-00000\.bin cannot be checked: ENOENT/);
  store.close();
});

it.each(['manifest.json', 'video-00000.json'])('names %s where one bit of it is another', (name) => {
  const { length } = readFileSync(join(folder, name));
  for (let byte = 0; byte < length; byte += 17) {
    flip(name, byte);
    expect(() => StoreFolder.open(folder)).toThrow(name);
    flip(name, byte);
  }
  expect(existsSync(join(folder, name))).toBe(true);
});

it('has one digest with and without seals, and knows which descriptions are not checked', () => {
  const sealed = StoreFolder.open(folder);
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json')))
    writeFileSync(join(folder, name), readSealed(readFileSync(join(folder, name), 'utf8')).body);
  const old = StoreFolder.open(folder);
  expect([old.digest, old.isChecked, sealed.isChecked]).toEqual([sealed.digest, false, true]);
});
