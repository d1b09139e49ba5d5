import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFeatureStore, type FeatureStore } from '../feature-store';
import { openForWriting, writeShard } from '../writer';
import { exportNpy } from './export-npy';
import { importFeatures } from './import-features';
import { readNpyHeader } from './npy-header';
import { readNpyRows } from './npy-rows';

const dataset = { name: 'media', digest: '' };
const description = {
  ...{ encoder: { name: 'tiny', digest: '', readOuts: {}, preprocessing: {} }, dataset },
  sampling: { choice: 'every', segments: 2, segmentSeconds: 3 },
  fields: {
    frame: { key: 'video', axes: ['time', 'joint'], shape: [2, 2] },
    patch: { key: 'video', axes: ['time', 'regions', 'joint'], shape: [2, 3, 2] },
    sentence: { key: 'text', axes: ['joint'], shape: [2] },
  },
} as const;

let root: string;
let store: FeatureStore;
let out: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'export-'));
  out = join(root, 'out', 'npy');
  const folder = join(root, 'store');
  openForWriting(folder, description);
  const counted = (from: number, length: number) => Float32Array.from({ length }, (_, i) => from + i);
  const values = { frame: counted(100, 8), patch: counted(0, 24) };
  writeShard(folder, description, { key: 'video', index: 0, keys: ['a', 'b'] }, { values });
  store = openFeatureStore([{ folder }]);
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true });
});

function read(id: string): { shape: readonly number[]; type: string; values: number[] } {
  const file = join(out, `${id}.npy`);
  const header = readNpyHeader(file);
  const values = new Float32Array(header.shape.reduce((product, length) => product * length));
  readNpyRows(file, header, [0, 1], values);
  return { shape: header.shape, type: header.type, values: [...values] };
}

it('writes a field, one file for each video', async () => {
  await exportNpy(store, 'patch', ['a', 'b'], out);
  expect(read('b')).toEqual({ shape: [2, 3, 2], type: 'float32', values: [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] });
  await exportNpy(store, 'frame', ['b'], out, 'float16');
  expect(read('b')).toEqual({ shape: [2, 2], type: 'float16', values: [104, 105, 106, 107] });
});

it('writes frame and patches as one array, which comes back as it was', async () => {
  await exportNpy(store, 'class-and-patches', ['a', 'b'], out, 'float16');
  const values = [...[100, 101, 0, 1, 2, 3, 4, 5], ...[102, 103, 6, 7, 8, 9, 10, 11]];
  expect(read('a')).toEqual({ shape: [2, 4, 2], type: 'float16', values });
  const { folder } = await importFeatures({
    ...{ from: out, layout: 'class-and-patches', as: 'visual', name: 'back', storeRoot: root, videos: ['a', 'b'], dataset },
    ...{ segments: 2, segmentSeconds: 3 },
  });
  const back = openFeatureStore([{ folder }]);
  for (const field of ['frame', 'patch']) expect(back.read(field, ['b', 'a'])).toEqual(store.read(field, ['b', 'a']));
  back.close();
});

describe('an error', () => {
  it('names the videos that are missing, before anything is written', async () => {
    await expect(exportNpy(store, 'frame', ['a', 'v', 'w', 'x', 'y'], out)).rejects.toThrow('frame of 4 videos (v, w, x, ...) is missing');
    expect(existsSync(out)).toBe(false);
  });

  it('names a damaged shard, before anything is written', async () => {
    const shard = join(root, 'store', 'patch-00000.bin');
    const bytes = readFileSync(shard);
    bytes[1] ^= 4;
    writeFileSync(shard, bytes);
    await expect(exportNpy(store, 'class-and-patches', ['a'], out)).rejects.toThrow(`${shard} is not what was written`);
    expect(existsSync(out)).toBe(false);
  });

  it('names a field that is not there, or belongs to texts', async () => {
    await expect(exportNpy(store, 'audio', ['a'], out)).rejects.toThrow('no field audio');
    await expect(exportNpy(store, 'sentence', ['a'], out)).rejects.toThrow('sentence belongs to texts, expected a field of videos');
  });
});

const python = process.env.TASS_PYTHON;
(python ? it : it.skip)('is read by NumPy (skipped where TASS_PYTHON names no Python that has it)', async () => {
  await exportNpy(store, 'class-and-patches', ['a'], out);
  await exportNpy(store, 'frame', ['b'], out, 'float16');
  const program = `
import json, sys, numpy
print(json.dumps([[str(each.dtype), list(each.shape), each.ravel().tolist()] for each in map(numpy.load, sys.argv[1:])]))`;
  const seen = execFileSync(python!, ['-c', program, join(out, 'a.npy'), join(out, 'b.npy')], { encoding: 'utf8' });
  expect(JSON.parse(seen)).toEqual([
    ['float32', [2, 4, 2], [...[100, 101, 0, 1, 2, 3, 4, 5], ...[102, 103, 6, 7, 8, 9, 10, 11]]],
    ['float16', [2, 2], [104, 105, 106, 107]],
  ]);
});
