import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '@tass/files';
import { checkStore } from './check';
import { type KeyKind, manifestPath, type StoreDescription } from './manifest';
import { shardEntryPath, shardPath } from './shard';
import { openFeatureStore } from './feature-store';
import { StoreFolder } from './store-folder';
import { zerosForMissing } from './zeros-for-missing';
import type { ShardPlan } from './shard-writer';
import { openForWriting, planShards, writeShard } from './writer';

const description: StoreDescription = {
  encoder: { name: 'tiny-clip', digest: 'aa', readOuts: { patches: 'value' }, preprocessing: { imageSize: 112 }, logitScale: 20 },
  dataset: { name: 'mini-avqa', digest: 'd1', seed: 1 },
  sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
  fields: {
    frame: { key: 'video', axes: ['time', 'joint'], shape: [2, 3] },
    patch: { key: 'video', axes: ['time', 'regions', 'joint'], shape: [2, 4, 3] },
    sentence: { key: 'text', axes: ['joint'], shape: [3] },
  },
};
const videos = ['a', 'b', 'c', 'd', 'e'];
const texts = ['is there a violin', 'how many'];
const valueOf = (key: string, index: number) => key.length + key.charCodeAt(0) / 128 + index / 64; // exact in float16

const field = (keys: readonly string[], length: number) =>
  Float32Array.from({ length: keys.length * length }, (_, i) => valueOf(keys[Math.floor(i / length)], i % length));
const valuesOf = (keys: readonly string[], kind: KeyKind): Record<string, Float32Array> =>
  kind === 'video' ? { frame: field(keys, 6), patch: field(keys, 24) } : { sentence: field(keys, 3) };

let folder: string;
beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'store-')), 'clip')));
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
  broken.clear();
});

const broken = new Set<string>(); // keys that cannot be encoded

function make(plan: ShardPlan): void {
  const faults = plan.keys.filter((key) => broken.has(key)).map((key) => ({ key, reason: 'no sound' }));
  const keys = plan.keys.filter((key) => !broken.has(key));
  writeShard(folder, description, plan, { values: valuesOf(keys, plan.key), faults });
}

function fill(shards = Infinity, keys = videos): void {
  openForWriting(folder, description);
  const plans = [...planShards(folder, 'video', keys, 2), ...planShards(folder, 'text', texts, 2)];
  plans.slice(0, shards).forEach(make);
}

const bytesOf = () => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));

it('does not work out how to make a store that is whole: that takes as long as reading it', () => {
  fill();
  const howToPrepare = jest.fn(() => 'Run: make it');
  StoreFolder.open(folder, {}, howToPrepare).close();
  expect(howToPrepare).not.toHaveBeenCalled();
  writeFileSync(shardEntryPath(folder, { key: 'video', index: 0 }), '{}');
  expect(() => StoreFolder.open(folder, {}, howToPrepare)).toThrow('Delete this description of a shard. Run: make it');
});

it('gives back by key what was written, in any order and more than once', () => {
  fill();
  const store = StoreFolder.open(folder);
  expect([...store.read('sentence', ['how many'])]).toEqual([0, 1, 2].map((i) => valueOf('how many', i)));
  const into = new Float32Array(80).fill(-1);
  expect(store.read('patch', ['e', 'a', 'e'], into)).toBe(into);
  expect([...into]).toEqual([...valuesOf(['e', 'a', 'e'], 'video').patch, ...new Array(8).fill(-1)]);
  expect(store.describe('patch')).toEqual(description.fields.patch);
  expect(store.missing('frame', ['a', 'z', 'z'])).toEqual(['z']);
  expect(checkStore(folder)).toEqual([]);
  store.close();
});

it('goes on where it was stopped and ends with the same bytes', () => {
  fill();
  const uninterrupted = bytesOf();
  rmSync(folder, { recursive: true });
  fill(2);
  writeFileSync(join(folder, 'frame-00002.bin.99.tmp'), 'half a shard');
  openForWriting(folder, description);
  expect(planShards(folder, 'video', videos, 2)).toEqual([{ key: 'video', index: 2, keys: ['e'] }]);
  fill();
  expect(bytesOf()).toEqual(uninterrupted);
});

it.each([
  ['stays while its writer', process.ppid, true],
  ['is removed when its writer, whose lock is still there, no longer', 2 ** 22 + 1, false], // more than a process number can be
])('a half-written file %s lives', (_, pid, stays) => {
  fill(1);
  writeFileSync(join(folder, 'video-1.lock'), JSON.stringify(identityOf(pid)));
  writeFileSync(join(folder, 'frame-00001.bin.tmp'), 'half a shard');
  openForWriting(folder, description);
  expect(readdirSync(folder).includes('frame-00001.bin.tmp')).toBe(stays);
});

it('makes a shard again whose file is gone or cut off, under its old number', () => {
  fill();
  const uninterrupted = bytesOf();
  rmSync(shardPath(folder, 'frame', 1));
  truncateSync(shardPath(folder, 'sentence', 0), 5);
  openForWriting(folder, description);
  expect(planShards(folder, 'video', videos, 2)).toEqual([{ key: 'video', index: 1, keys: ['c', 'd'] }]);
  expect(planShards(folder, 'text', texts, 2)).toEqual([{ key: 'text', index: 0, keys: texts }]);
  fill();
  expect(bytesOf()).toEqual(uninterrupted);
});

it('drops a shard that is gone even if none of its keys is asked for again', () => {
  fill();
  rmSync(shardPath(folder, 'frame', 1));
  openForWriting(folder, description);
  expect(planShards(folder, 'video', ['a', 'e'], 2)).toEqual([]);
  const store = StoreFolder.open(folder);
  expect(store.missing('patch', videos)).toEqual(['c', 'd']);
  expect([...store.read('frame', ['e'])]).toEqual([...valuesOf(['e'], 'video').frame]);
  store.close();
});

it('takes further keys later', () => {
  fill();
  fill(Infinity, ['x', ...videos, 'x', 'y']);
  expect([...StoreFolder.open(folder).read('frame', ['y', 'a'])]).toEqual([...valuesOf(['y', 'a'], 'video').frame]);
});

describe('videos that cannot be encoded', () => {
  it('are no records but faults with their reason, and do not stop the rest', () => {
    broken.add('b').add('e');
    fill();
    const store = StoreFolder.open(folder);
    expect(store.missing('frame', videos)).toEqual(['b', 'e']);
    expect([store.whyMissing('patch', 'b'), store.whyMissing('patch', 'a')]).toEqual(['no sound', undefined]);
    expect([...store.read('frame', ['d'])]).toEqual([...valuesOf(['d'], 'video').frame]);
  });

  it('may be read as zeros', () => {
    broken.add('b');
    fill();
    const store = zerosForMissing(openFeatureStore([{ folder }]));
    const { frame } = valuesOf(['a', 'c'], 'video');
    expect([...store.read('frame', ['a', 'b', 'c'])]).toEqual([...frame.slice(0, 6), ...new Array(6).fill(0), ...frame.slice(6)]);
    expect(store.missing('frame', videos)).toEqual([]);
    expect(store.whyMissing('frame', 'b')).toBe('no sound');
    store.close();
  });

  it('are tried again after all others, and leave the same bytes when nothing has changed', () => {
    broken.add('b').add('e');
    fill();
    const uninterrupted = bytesOf();
    expect(planShards(folder, 'video', [...videos, 'f'], 2)).toEqual([
      { key: 'video', index: 3, keys: ['f'] },
      { key: 'video', index: 4, keys: ['b', 'e'] },
    ]);
    fill();
    expect(bytesOf()).toEqual(uninterrupted);
    rmSync(folder, { recursive: true });
    fill(2); // stopped after the first two shards
    fill();
    expect(bytesOf()).toEqual(uninterrupted);
    broken.delete('b');
    fill();
    expect(StoreFolder.open(folder).missing('frame', videos)).toEqual(['e']);
  });
});

it('doubts patches that are all equal and records of one value, by key', () => {
  openForWriting(folder, description);
  const [plan] = planShards(folder, 'video', ['a', 'b', 'c'], 3);
  const frame = field(plan.keys, 6).fill(0, 6, 12);
  const patch = field(plan.keys, 24);
  const vectors = [1, 2, 3, 4, 5, 6]; // one for each segment, at every region
  for (let i = 0; i < 24; i++) patch[48 + i] = vectors[Math.floor(i / 12) * 3 + (i % 3)];
  writeShard(folder, description, plan, { values: { frame, patch } });
  const store = StoreFolder.open(folder);
  expect(store.doubts('frame', ['a', 'b'])).toEqual([{ key: 'b', field: 'frame', reason: 'all its values are 0' }]);
  expect(store.doubts('patch', ['a', 'b'])).toEqual([]);
  expect(store.doubts('patch', ['a', 'b', 'c'])).toEqual([{ key: 'c', field: 'patch', reason: 'all 4 patches of each segment are equal' }]);
  expect(checkStore(folder)).toEqual([]);
});

it('is read while it grows', () => {
  fill(1);
  const before = StoreFolder.open(folder);
  fill(1);
  expect(before.missing('frame', videos)).toEqual(['c', 'd', 'e']);
  const after = StoreFolder.open(folder);
  expect(after.missing('frame', videos)).toEqual(['e']);
  expect(after.digest).not.toBe(before.digest);
});

it('opens the folders of two encoders as one store', () => {
  fill();
  const sounds = join(folder, '..', 'audio');
  const audio: StoreDescription = {
    ...description,
    encoder: { ...description.encoder, name: 'tiny-audio', logitScale: undefined },
    fields: { audio: { key: 'video', axes: ['time', 'audioDim'], shape: [2, 2] } },
  };
  openForWriting(sounds, audio);
  for (const plan of planShards(sounds, 'video', ['a', 'b'], 9))
    writeShard(sounds, audio, plan, { values: { audio: field(plan.keys, 4) } });

  const store = openFeatureStore([{ folder, expected: { dataset: { seed: 1 } } }, { folder: sounds }]);
  expect(store.fields).toEqual(['frame', 'patch', 'sentence', 'audio']);
  expect([...store.read('audio', ['b'])]).toEqual([...field(['b'], 4)]);
  expect([...store.read('frame', ['b'])]).toEqual([...field(['b'], 6)]);
  expect(store.missing('audio', videos)).toEqual(['c', 'd', 'e']);
  expect(store.logitScale).toBe(20);
  expect(store.digest).not.toBe(openFeatureStore([{ folder }]).digest);
  expect(() => store.read('sounds', ['b'])).toThrow(
    `no field sounds in ${folder}, ${sounds}; the fields are frame, patch, sentence, audio`,
  );
  expect(() => openFeatureStore([{ folder }, { folder }])).toThrow('hold the field frame');
  store.close();
});

describe('an error', () => {
  it('names a video that is missing, the store and the command', () => {
    fill();
    expect(() => StoreFolder.open(folder).read('frame', ['a', '00000093'])).toThrow(
      `video 00000093 is missing from the feature store ${folder}. Run: npx nx run features:prepare`,
    );
  });

  it('says that there is no store', () => {
    expect(() => StoreFolder.open(folder)).toThrow(`there is no feature store at ${folder} (no manifest.json). Run: npx nx`);
    expect(() => checkStore(folder)).toThrow('there is no feature store');
  });

  it('names a shard that is cut off, with its sizes', () => {
    fill();
    truncateSync(shardPath(folder, 'patch', 1), 50);
    expect(() => StoreFolder.open(folder)).toThrow(`${shardPath(folder, 'patch', 1)} has 50 bytes, expected 96 (2 records)`);
    rmSync(shardPath(folder, 'patch', 1));
    expect(() => StoreFolder.open(folder)).toThrow(`${shardPath(folder, 'patch', 1)} is not there`);
  });

  it('names a value that is not finite by field and key', () => {
    fill();
    const path = shardPath(folder, 'patch', 1);
    const bytes = readFileSync(path);
    bytes.writeUInt16LE(0x7e00, 2 * (24 + 5)); // the second record, of video d
    writeFileSync(path, bytes);
    expect(() => StoreFolder.open(folder).read('patch', ['c', 'd'])).toThrow(`patch of video d in ${path} is not finite at value 5`);
  });

  it.each([
    [{ encoder: { name: 'clip-vit-base-patch32' } }, 'holds features of encoder "tiny-clip", asked for is "clip-vit-base-patch32"'],
    [{ encoder: { readOuts: { patches: 'final' } } }, 'with read-outs {"patches":"value"}, asked for is {"patches":"final"}'],
    [{ encoder: { digest: 'bb' } }, 'with model digest "aa", asked for is "bb"'],
    [{ dataset: { seed: 2 } }, 'was made from mini-avqa with seed 1, asked for is 2'],
    [{ dataset: { digest: 'd2' } }, 'was made from mini-avqa with digest "d1", asked for is "d2"'],
    [{ fields: { frame: { shape: [2, 5] } } }, 'has field frame of shape [2,3], asked for is [2,5]'],
    [{ fields: { audio: {} } }, 'has no field audio; its fields are frame, patch, sentence'],
  ])('tells a store that is not the one asked for: %j', (expected, message) => {
    fill();
    expect(() => StoreFolder.open(folder, expected)).toThrow(
      `the feature store ${folder} ${message.startsWith('with') ? 'holds features of tiny-clip ' : ''}${message}`,
    );
  });

  it('keeps a writer from mixing two encoders', () => {
    fill();
    const other = { ...description, encoder: { ...description.encoder, digest: 'bb' } };
    expect(() => openForWriting(folder, other)).toThrow('with model digest "aa", asked for is "bb". Remove the folder');
  });

  it.each([
    ['{"format": "else"}', 'format is "else", expected "tass-feature-store"'],
    ['{"format": "tass-feature-store", "version": 1}', 'version is 1, this program reads version 2'],
    ['{"format": "tass-feat', 'is not JSON'],
    ...['null', '3', '[]'].map((text) => [text, 'format is undefined, expected "tass-feature-store"']),
    ['{"format": "tass-feature-store", "version": 2, "dtype": "float16", "encoder": null}', 'key encoder is missing'],
    ['{"format": "tass-feature-store", "version": 2, "dtype": "float16", "encoder": {}, "dataset": {}, "sampling": {}, "fields": {"frame": null}}', 'fields.frame.shape is undefined, expected whole numbers above 0'], // prettier-ignore
  ])('names a manifest that cannot be used: %s', (text, message) => {
    fill();
    writeFileSync(manifestPath(folder), text);
    expect(() => StoreFolder.open(folder)).toThrow(`${manifestPath(folder)}: ${message}`);
  });

  it('names a value that float16 cannot hold, and writes nothing', () => {
    const plan = { key: 'text', index: 0, keys: texts } as const;
    openForWriting(folder, description);
    expect(() => writeShard(folder, description, plan, { values: { sentence: Float32Array.of(1, 2, 3, 4, 70000, 6) } })).toThrow(
      'sentence of text how many holds 70000, which float16 cannot',
    );
    expect(() => writeShard(folder, description, plan, { values: { sentence: Float32Array.of(1, NaN, 3, 4, 5, 6) } })).toThrow(
      'of text is there a violin holds NaN',
    );
    expect(readdirSync(folder)).toEqual(['manifest.json']);
  });

  it('names the description of a shard that cannot be used', () => {
    fill();
    const file = shardEntryPath(folder, { key: 'video', index: 1 });
    writeFileSync(file, '{"keys": [');
    expect(() => StoreFolder.open(folder)).toThrow(`${file}: is not JSON. Delete this description of a shard. Run: `);
    writeFileSync(file, 'null');
    expect(() => StoreFolder.open(folder)).toThrow(`${file}: keys, faults or doubts are missing. Delete this description of a shard.`);
  });

  it('names a folder that cannot be written', () => {
    writeFileSync(join(folder, '..', 'file'), '');
    expect(() => openForWriting(join(folder, '..', 'file', 'clip'), description)).toThrow('ENOTDIR');
  });
});

it('lists everything that is wrong with a store', () => {
  fill();
  truncateSync(shardPath(folder, 'frame', 0), 5);
  appendFileSync(shardPath(folder, 'frame', 1), 'more');
  const [halves, changed] = [readFileSync(shardPath(folder, 'patch', 1)), readFileSync(shardPath(folder, 'patch', 2))];
  halves.writeUInt16LE(0x7c00, 0);
  changed.writeUInt16LE(0, 0);
  writeFileSync(shardPath(folder, 'patch', 1), halves);
  writeFileSync(shardPath(folder, 'patch', 2), changed);
  const problems = checkStore(folder, { dataset: { seed: 2 } });
  expect(problems.map(({ kind, field, key }) => [kind, field, key])).toEqual([
    ['other source', undefined, undefined],
    ['truncated', 'frame', undefined],
    ['truncated', 'frame', undefined],
    ['not finite', 'patch', 'c'],
    ['changed', 'patch', undefined],
  ]);
  expect(problems[0].message).toBe(`${folder} was made from mini-avqa with seed 1, asked for is 2`);
});
