import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFeatureStore, readShards } from '@tass/feature-store';
import { frameFile, soundFile } from '@tass/media';
import { writeVideos } from './fixtures/dataset';
import { listJobs, makeJob } from './job-list';
import { planStores } from './plan-stores';
import { prepareFeatures, type PrepareFeaturesOptions } from './prepare-features';
import { ShardEncoder } from './shard-encoder';
import { findStale } from './stale';

const models = join(__dirname, '..');
const videos = ['a', 'b', 'c'];
const sampling = { choice: 'every', segments: 2, segmentSeconds: 1 } as const;
let root: string;
let options: PrepareFeaturesOptions;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'stale-'));
  options = {
    ...{ datasetRoot: join(root, 'media'), storeRoot: join(root, 'store'), sampling, words: 5, videos, texts: ['where'], workers: 0 },
    clip: { folder: join(models, 'clip/fixtures/dynamo-23'), patches: 'value', words: 'prompt' },
    audio: { folder: join(models, 'audio/fixtures/audio') },
  };
  mkdirSync(options.datasetRoot);
  await writeVideos(options.datasetRoot, videos);
});
afterEach(() => rmSync(root, { recursive: true }));

/** All values of one video. */
const valuesOf = (videoId: string, storeRoot = options.storeRoot): number[][] => {
  const store = openFeatureStore(planStores({ ...options, storeRoot }));
  try {
    return ['frame', 'patch', 'audio'].map((field) => [...store.read(field, [videoId])]);
  } finally {
    store.close();
  }
};
const swapSound = () => copyFileSync(soundFile(options.datasetRoot, 'c'), soundFile(options.datasetRoot, 'b'));
const swapFrame = () => copyFileSync(frameFile(options.datasetRoot, 'c', 0), frameFile(options.datasetRoot, 'b', 0));
const stale = async () => (await findStale(options, videos)).stale.map(({ stage, videoId }) => `${stage} of ${videoId}`);

it('features of sound that was replaced are made again by the next call, those of other videos stay', async () => {
  await prepareFeatures(options);
  const before = videos.map((videoId) => valuesOf(videoId));
  swapSound();
  expect(await stale()).toEqual(['sound of b']);
  const remarks: string[] = [];
  expect(await prepareFeatures({ ...options, onRemark: (line) => remarks.push(line) })).toMatchObject({ encoded: 1, kept: 6, faults: [] });
  expect([remarks, await stale()]).toEqual([['sound of b: encoded again, as its sound changed'], []]);
  const fresh = join(root, 'fresh');
  await prepareFeatures({ ...options, storeRoot: fresh });
  expect(videos.map((videoId) => valuesOf(videoId))).toEqual(videos.map((videoId) => valuesOf(videoId, fresh)));
  expect([valuesOf('a'), valuesOf('c')]).toEqual([before[0], before[2]]);
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 0, kept: 7 });
});

it('a file that was replaced while features were made counts as replaced', async () => {
  let isSwapped = false;
  const onProgress: PrepareFeaturesOptions['onProgress'] = ({ stage, done }) => {
    if (stage !== 'sound' || done > 0 || isSwapped) return;
    isSwapped = true;
    swapFrame(); // its frames are encoded, its sound is not
    const folder = join(options.datasetRoot, 'frames/b');
    writeFileSync(join(folder, 'touched'), ''); // as an extraction would: the folder is a new one
    unlinkSync(join(folder, 'touched'));
  };
  await prepareFeatures({ ...options, onProgress });
  expect([isSwapped, await stale()]).toEqual([true, ['frames of b']]);
  await prepareFeatures(options);
  expect(await stale()).toEqual([]);
});

it('a frame that was written over in its place is found with refresh', async () => {
  await prepareFeatures(options);
  swapFrame();
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 0 });
  expect(await prepareFeatures({ ...options, refresh: true })).toMatchObject({ encoded: 1, kept: 6 });
  expect([await stale(), valuesOf('b')[0].slice(0, 6)]).toEqual([[], valuesOf('c')[0].slice(0, 6)]);
});

it('a store that is whole is not read again for files that were only touched', async () => {
  await prepareFeatures(options);
  const before = planStores(options).flatMap(({ folder }) => readShards(folder));
  utimesSync(soundFile(options.datasetRoot, 'b'), new Date(), new Date());
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 0, kept: 7 });
  expect(planStores(options).flatMap(({ folder }) => readShards(folder))).toEqual(before);
});

it('features without their frames and sound stay, unless these were discarded', async () => {
  await prepareFeatures(options);
  unlinkSync(soundFile(options.datasetRoot, 'a'));
  unlinkSync(soundFile(options.datasetRoot, 'b'));
  mkdirSync(join(options.datasetRoot, 'audio/.sources'));
  writeFileSync(join(options.datasetRoot, 'audio/.sources/b.json'), '{"discarded":true}');
  expect(await stale()).toEqual(['sound of b']);
  const { faults } = await prepareFeatures(options);
  expect(faults).toEqual([{ stage: 'sound', videoId: 'b', reason: 'sound audio/b.wav is not there' }]);
  const store = openFeatureStore(planStores(options));
  expect(store.missing('audio', videos)).toEqual(['b']);
  store.close();
});

it('keeps features where no others could be made, and reports it', async () => {
  await prepareFeatures(options);
  const before = videos.map((videoId) => valuesOf(videoId));
  unlinkSync(frameFile(options.datasetRoot, 'a', 0)); // begins with another number than 0 or 1
  renameSync(frameFile(options.datasetRoot, 'a', 1), frameFile(options.datasetRoot, 'a', 6));
  const told = 'features of 1 video stay, though what they were made of cannot be used any more; the first: frames of a: the frames in ';
  for (const refresh of [false, true]) {
    const remarks: string[] = [];
    const made = await prepareFeatures({ ...options, refresh, onRemark: (line) => remarks.push(line) });
    expect([made, remarks]).toEqual([expect.objectContaining({ encoded: 0, kept: 7 }), [expect.stringContaining(told)]]);
  }
  expect(videos.map((videoId) => valuesOf(videoId))).toEqual(before);
  const { stale, unusable } = await findStale(options, videos);
  expect([stale, unusable]).toEqual([[], [expect.objectContaining({ stage: 'frames', videoId: 'a' })]]);
});

it('what could not be read is looked at again, though other files were read', async () => {
  await prepareFeatures(options);
  const entry = join(planStores(options).find(({ encoder }) => encoder === 'audio')!.folder, 'video-00000.json');
  const before = statSync(entry).mtimeMs;
  const [sound, aside] = [soundFile(options.datasetRoot, 'b'), join(root, 'aside.wav')];
  renameSync(sound, aside);
  mkdirSync(sound); // cannot be read as a file
  utimesSync(soundFile(options.datasetRoot, 'c'), new Date(), new Date()); // touched, and the same
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 0, kept: 7 });
  expect(statSync(entry).mtimeMs).toBe(before);
  rmSync(sound, { recursive: true });
  renameSync(aside, sound);
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 0, kept: 7 });
  expect(statSync(entry).mtimeMs).toBeGreaterThan(before);
});

it('the comparison tells how far it is, and stops at a signal', async () => {
  await prepareFeatures(options);
  const told: number[][] = [];
  await findStale(options, videos, { onProgress: (...how) => told.push(how) });
  expect(told).toEqual([[3, 6], [6, 6]]); // prettier-ignore
  await expect(findStale(options, videos, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
});

it('a reason that changed replaces the one on record', async () => {
  unlinkSync(soundFile(options.datasetRoot, 'b'));
  await prepareFeatures(options);
  writeFileSync(soundFile(options.datasetRoot, 'b'), 'no wav');
  await prepareFeatures(options);
  const store = openFeatureStore(planStores(options));
  expect(store.whyMissing('audio', 'b')).not.toContain('is not there');
  store.close();
});

it('jobs make stale features again', async () => {
  await prepareFeatures(options);
  swapSound();
  const list = await listJobs(options, videos, options.texts);
  expect(list.jobs.map(({ stage, shard }) => [stage, shard.keys])).toEqual([['sound', ['b']]]);
  await makeJob(list, 0, { say: () => undefined });
  expect(await stale()).toEqual([]);
});

it('a shard of another process stays, also where a job was to make one of its number', async () => {
  const list = await listJobs(options, videos, []);
  const job = list.jobs.find(({ stage }) => stage === 'sound')!;
  const encoder = new ShardEncoder(options);
  const made = await encoder.make({ ...job, shard: { ...job.shard, keys: ['a', 'b'] } });
  expect([made.keys, (await encoder.make({ ...job, shard: { ...job.shard, keys: ['c'] } })).keys]).toEqual([['a', 'b'], ['a', 'b']]); // prettier-ignore
});

it('where seconds are chosen by content, they are chosen again', async () => {
  const byContent = { ...options, sampling: { ...sampling, choice: 'content' } as const };
  await prepareFeatures(byContent);
  swapSound();
  const [stored] = (await findStale(byContent, videos)).stale;
  expect(stored).toMatchObject({ stage: 'sound', videoId: 'b' });
  expect(await prepareFeatures(byContent)).toMatchObject({ encoded: 3, kept: 7 }); // seconds, frames, sound
  expect(existsSync(join(planStores(byContent)[0].folder, 'video-00001.json'))).toBe(true);
  expect((await findStale(byContent, videos)).stale).toEqual([]);
});
