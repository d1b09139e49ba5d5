import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from '@tass/testing';
import { readManifest } from '../manifest';
import { StoreFolder } from '../store-folder';
import { exportNpy } from './export-npy';
import { importFeatures, type ImportOptions } from './import-features';
import { npyBytes } from './npy-bytes';
import { readNpyHeader } from './npy-header';
import { readNpyRows } from './npy-rows';

const videos = ['00000001', '00000002', '00000003'];
const seconds = 60;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layouts-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Value i of a video: its second as a whole number, its place in the second as a fraction that float16 keeps. */
const valueOf = (i: number, ofSecond: number, video: number): number => Math.floor(i / ofSecond) + ((i + video) % 13) / 16;

/** A folder of one file a video, as the field's repositories have them. */
function folderOf(
  name: string,
  row: readonly number[],
  { type = 'float32', time = seconds, ids = videos }: { type?: 'float16' | 'float32'; time?: number; ids?: readonly string[] } = {},
): string {
  const folder = join(root, name);
  const ofSecond = row.reduce((product, length) => product * length, 1);
  mkdirSync(folder);
  ids.forEach((id, video) => {
    const values = Float32Array.from({ length: time * ofSecond }, (_, i) => valueOf(i, ofSecond, video));
    writeFileSync(join(folder, `${id}.npy`), npyBytes([time, ...row], values, type));
  });
  return folder;
}

const taken = (more: Partial<ImportOptions> & Pick<ImportOptions, 'from' | 'as'>) =>
  importFeatures({
    ...{ layout: 'auto', name: 'theirs', dataset: { name: 'media', digest: '' }, storeRoot: join(root, 'store'), videos },
    ...{ segments: seconds, segmentSeconds: 1 },
    ...more,
  });

/** Field of a store -> axes and shape. */
const fieldsOf = (folder: string) =>
  Object.fromEntries(Object.entries(readManifest(folder)!.fields).map(([name, { axes, shape }]) => [name, [axes.join(' '), shape]]));

describe('the layouts of published features', () => {
  it('maps of ResNet-18, of which every sixth second is read', async () => {
    const channels = 200; // 512 there
    const ids = videos.slice(0, 1);
    const from = folderOf('res18_14x14', [channels, 14, 14], { ids });
    const { folder, layout, faults } = await taken({ from, as: 'visual', segments: 10, segmentSeconds: 6, videos: ids });
    expect([layout, faults]).toEqual(['channels-first', []]);
    expect(fieldsOf(folder)).toEqual({ frame: ['time joint', [10, channels]], patch: ['time regions joint', [10, 196, channels]] });
    const patch = StoreFolder.open(folder).read('patch', ids);
    const ofSecond = channels * 196;
    const [segment, channel, region] = [3, 5, 17];
    expect(patch[(segment * 196 + region) * channels + channel]).toBe(
      valueOf(6 * segment * ofSecond + channel * 196 + region, ofSecond, 0),
    );
  });

  it('the class token and 49 patches of CLIP, in half precision', async () => {
    const from = folderOf('clip_b32', [50, 8], { type: 'float16' });
    const { folder, layout } = await taken({ from, as: 'visual', space: 'clip:clip-vit-base-patch32' });
    expect(layout).toBe('class-and-patches');
    expect(fieldsOf(folder)).toEqual({ frame: ['time joint', [60, 8]], patch: ['time regions joint', [60, 49, 8]] });
    await exportNpy(StoreFolder.open(folder), 'class-and-patches', videos, join(root, 'back'), 'float16');
    for (const id of videos) expect(readFileSync(join(root, 'back', `${id}.npy`)).equals(readFileSync(join(from, `${id}.npy`)))).toBe(true);
  });

  it('merged tokens next to frames of another encoder and another width', async () => {
    const from = folderOf('visual_tome14', [14, 32]);
    const frames = folderOf('frame_ViT-L14@336px', [24]);
    const { folder, layout } = await taken({ from, frames, as: 'visual' });
    expect(layout).toBe('merged-tokens');
    expect(fieldsOf(folder)).toEqual({ frame: ['time joint', [60, 24]], patch: ['time tokens joint', [60, 14, 32]] });
    const { readOuts, preprocessing, space } = readManifest(folder)!.encoder;
    expect({ readOuts, preprocessing, space }).toEqual({
      readOuts: { layout: 'merged-tokens', frame: 'files of their own' },
      preprocessing: { files: '[time, 14, 32]', frames: '[time, 24]' },
      space: 'own',
    });
    await expect(exportNpy(StoreFolder.open(folder), 'class-and-patches', videos, join(root, 'back'))).rejects.toThrow(
      'frames have 24 values, patches 32: no array holds both. Export frame and patch',
    );
    await exportNpy(StoreFolder.open(folder), 'patch', videos, join(root, 'back'));
    for (const id of videos) expect(readFileSync(join(root, 'back', `${id}.npy`)).equals(readFileSync(join(from, `${id}.npy`)))).toBe(true);
    await expect(taken({ from, frames, as: 'visual', name: 'in-clip', space: 'clip:x' })).rejects.toThrow('have 24 values, the patches of');
  });

  it('merged tokens alone only where that is said: the first may be a class token', async () => {
    const from = folderOf('visual_tome14', [14, 32]);
    await expect(taken({ from, as: 'visual' })).rejects.toThrow(
      /\[60, 14, 32\], which may be class-and-patches .* or --layout=merged-tokens$/,
    );
    const { folder } = await taken({ from, as: 'visual', layout: 'merged-tokens' });
    expect(readManifest(folder)!.encoder.readOuts).toEqual({ layout: 'merged-tokens', frame: 'mean over tokens' });
  });

  it('plain patches of another width than the frames are refused', async () => {
    const from = folderOf('patches', [49, 64]);
    const frames = folderOf('frames', [24]);
    await expect(taken({ from, frames, as: 'visual' })).rejects.toThrow(
      /have 24 values, the patches of .*patches 64: expected one encoder's\. Leave out frames; or .* --layout=merged-tokens$/,
    );
  });

  it('VGGish, and vectors of AST with 12 patches per second', async () => {
    const { folder } = await taken({ from: folderOf('vggish', [128]), as: 'audio', name: 'vggish' });
    expect(fieldsOf(folder)).toEqual({ audio: ['time audioDim', [60, 128]] });
    const patches = folderOf('audio_ast_patch_last_pooled', [12, 16]);
    const ast = await taken({ from: folderOf('audio_ast_cls', [24]), patches, as: 'audio', name: 'ast' });
    expect(fieldsOf(ast.folder)).toEqual({
      audio: ['time audioDim', [60, 24]],
      audioPatch: ['time audioPatches audioPatchDim', [60, 12, 16]],
    });
    const store = StoreFolder.open(ast.folder);
    const [file, header] = [join(patches, `${videos[2]}.npy`), readNpyHeader(join(patches, `${videos[2]}.npy`))];
    const theirs = new Float32Array(60 * 12 * 16);
    readNpyRows(file, header, [...Array(60).keys()], theirs);
    expect(store.read('audioPatch', [videos[2]])).toEqual(theirs);
    expect(await taken({ from: join(root, 'audio_ast_cls'), patches, as: 'audio', name: 'ast' })).toMatchObject({ kept: 3, imported: 0 });
  });

  it('class token and patches of sound in one file', async () => {
    const from = folderOf('ast', [13, 16]);
    await expect(taken({ from, as: 'audio' })).rejects.toThrow(
      /expected \[time, width\] \(--layout=vectors\)\. Patches of sound come next to vectors: --from=<folder of vectors> --patches=<folder of patches>$/,
    );
    const { folder } = await taken({ from, as: 'audio', layout: 'class-and-patches' });
    expect(fieldsOf(folder)).toEqual({
      audio: ['time audioDim', [60, 16]],
      audioPatch: ['time audioPatches audioPatchDim', [60, 12, 16]],
    });
    expect(await taken({ from, as: 'audio' })).toMatchObject({ kept: 3, layout: 'class-and-patches' }); // the store knows it
  });

  it('refuses rows that are no seconds, and lists a video without patches or with one that is not finite', async () => {
    const from = folderOf('audio_ast_cls', [24]);
    const patches = folderOf('pooled', [12, 16]);
    rmSync(join(patches, `${videos[0]}.npy`));
    const broken = Float32Array.from({ length: 60 * 12 * 16 }, (_, i) => (i === 59 * 12 * 16 + 7 ? Infinity : i % 13));
    writeFileSync(join(patches, `${videos[1]}.npy`), npyBytes([60, 12, 16], broken, 'float16'));
    const { faults, folder } = await taken({ from, patches, as: 'audio' });
    expect(faults).toEqual([
      { key: videos[0], reason: `pooled/${videos[0]}.npy: is not there` },
      { key: videos[1], reason: `pooled/${videos[1]}.npy: row 59 holds Infinity at value 7, expected finite numbers: 1 of 11520 are not` },
    ]);
    expect(StoreFolder.open(folder).missing('audio', videos)).toEqual(videos.slice(0, 2));
    const short = folderOf('short', [12, 16], { time: 40 });
    await expect(taken({ from, patches: short, as: 'audio', name: 'short' })).rejects.toThrow(
      'has 40 rows, expected 60 (one a second: 60 segments of 1 s; at least 50)',
    );
  });
});

it('holds one video at a time, however large', async () => {
  const [maps, count] = [[512, 14, 14], 4]; // 24 MB a video in float32
  const from = join(root, 'maps');
  mkdirSync(from);
  const values = Float32Array.from({ length: seconds * 512 * 196 }, (_, i) => (i % 251) / 16);
  const ids = Array.from({ length: count }, (_, i) => `${i}`);
  ids.forEach((id, i) => {
    values[0] = i;
    writeFileSync(join(from, `${id}.npy`), npyBytes([seconds, ...maps], values, 'float16'));
  });
  const options = { from, as: 'visual', layout: 'auto', name: 'maps', dataset: { name: 'media', digest: '' }, storeRoot: join(root, 'store'), segments: 60, segmentSeconds: 1 }; // prettier-ignore
  const peakOf = (some: readonly string[], name: string): number => {
    const script = join(__dirname, 'fixtures', 'import-peak.cjs');
    const child = spawnSync(process.execPath, [...fromSources, script, JSON.stringify({ ...options, name, videos: some })]);
    if (child.status !== 0) throw new Error(String(child.stderr));
    return Number(String(child.stdout)) / 2 ** 20;
  };
  const [one, all] = [peakOf(ids.slice(0, 1), 'one'), peakOf(ids, 'all')];
  expect(all - one).toBeLessThan(40); // garbage that is not collected yet; all four in float32 would be 72 more
});
