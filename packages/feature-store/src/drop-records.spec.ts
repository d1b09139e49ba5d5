import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '@tass/files';
import { dropRecords } from './drop-records';
import type { StoreDescription } from './manifest';
import { readShards, shardLock } from './shard';
import { StoreFolder } from './store-folder';
import { openForWriting, planShards, writeShard } from './writer';

const description: StoreDescription = {
  encoder: { name: 'e', digest: 'd', readOuts: {}, preprocessing: {} },
  dataset: { name: 'media', digest: '' },
  sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
  fields: {
    frame: { key: 'video', axes: ['time'], shape: [2] },
    patch: { key: 'video', axes: ['time', 'regions'], shape: [2, 3] },
  },
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drop-'));
  openForWriting(folder, description);
  const values = (length: number) => Float32Array.from({ length: 3 * length }, (_, at) => at + 1);
  writeShard(folder, description, { key: 'video', index: 0, keys: ['a', 'b', 'c', 'bad'] }, {
    values: { frame: values(2), patch: values(6) },
    faults: [{ key: 'bad', reason: 'broken' }],
    doubts: ['a', 'b'].map((key) => ({ key, field: 'frame', reason: 'blurred' })),
    sources: { a: '1', b: '2', c: '3' },
    shortVideos: { b: 1, c: 1 },
    provider: 'webgpu',
  }); // prettier-ignore
});
afterEach(() => rmSync(folder, { recursive: true }));
const read = (keys: readonly string[]) => {
  const store = StoreFolder.open(folder);
  const values = ['frame', 'patch'].map((field) => [...store.read(field, keys)]);
  store.close();
  return values;
};

it('leaves the other records of a shard as they are, with all that is said of them', () => {
  const before = read(['a', 'c']);
  dropRecords(folder, description, 'video', [{ key: 'b', source: '2' }]);
  expect(read(['a', 'c'])).toEqual(before);
  const { shard } = readShards(folder)[0];
  expect(shard).toMatchObject({ ...{ index: 1, keys: ['a', 'c'], faults: [{ key: 'bad', reason: 'broken' }], provider: 'webgpu' } });
  expect([shard.doubts, shard.sources, shard.shortVideos]).toEqual([
    [{ key: 'a', field: 'frame', reason: 'blurred' }],
    { a: '1', c: '3' },
    { c: 1 },
  ]);
  expect(planShards(folder, 'video', ['a', 'b', 'c'], 32)).toEqual([{ key: 'video', index: 0, keys: ['b'] }]);
});

it('drops none that was made of something else meanwhile', () => {
  dropRecords(folder, description, 'video', [{ key: 'b', source: 'older' }, { key: 'unknown' }]);
  expect(readShards(folder).map(({ shard }) => [shard.index, shard.keys])).toEqual([[0, ['a', 'b', 'c']]]);
});

it('copies nothing out of a damaged file, which is made again', () => {
  const file = join(folder, 'patch-00000.bin');
  const bytes = readFileSync(file);
  bytes[0] ^= 1;
  writeFileSync(file, bytes);
  dropRecords(folder, description, 'video', [{ key: 'b' }]);
  expect(readShards(folder)).toEqual([]);
});

it('refuses while a shard is being written, the number of which a copy would take', () => {
  const release = lockFolder(folder, shardLock({ key: 'video', index: 1 }));
  const drop = () => dropRecords(folder, description, 'video', [{ key: 'b' }]);
  expect(drop).toThrow(`shard video 1 of ${folder} is in use by this process`);
  expect(readShards(folder).map(({ shard }) => shard.index)).toEqual([0]);
  dropRecords(folder, description, 'video', [{ key: 'unknown' }]); // nothing to move
  release();
  drop();
  expect(readShards(folder).map(({ shard }) => [shard.index, shard.keys])).toEqual([[1, ['a', 'c']]]);
});

it('copies no record again that an earlier call had copied before it was killed', () => {
  const before = read(['a', 'c']);
  const values = { frame: Float32Array.of(9, 9, 9, 9), patch: new Float32Array(12).fill(9) };
  writeShard(folder, description, { key: 'video', index: 1, keys: ['a', 'b'] }, { values, sources: { a: '1', b: 'new' } });
  dropRecords(folder, description, 'video', [{ key: 'b', source: '2' }]);
  expect(readShards(folder).map(({ shard }) => [shard.index, shard.keys])).toEqual([
    [1, ['a', 'b']],
    [2, ['c']],
  ]);
  expect(read(['c'])).toEqual(before.map((each) => each.slice(each.length / 2)));
});
