import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '@tass/files';
import { fromSources, greatestDifference, wavBytes } from '@tass/testing';
import { loadAudioEncoder } from '../audio/audio-encoder';
import { frameFile, readFrames, readWav, soundFile } from '@tass/media';
import { loadClip } from '../clip/clip';
import { checkStore, openFeatureStore } from '@tass/feature-store';
import { writeVideos } from './fixtures/dataset';
import { planStores } from './plan-stores';
import { prepareFeatures, type PrepareFeaturesOptions } from './prepare-features';

const clipFolder = join(__dirname, '..', 'clip', 'fixtures', 'dynamo-23');
const audioFolder = join(__dirname, '..', 'audio', 'fixtures', 'audio');
const worker = { file: join(__dirname, 'shard-worker.ts'), execArgv: fromSources };
const videos = Array.from({ length: 70 }, (_, i) => `video${i}`); // three shards
const texts = ['is there a violin', 'where'];

const seconds = (segmentSeconds: number) => ({ choice: 'every', segments: 2, segmentSeconds }) as const;

let root: string;
let media: string;
let options: PrepareFeaturesOptions;
beforeAll(async () => {
  media = mkdtempSync(join(tmpdir(), 'media-'));
  await writeVideos(media, videos);
});
afterAll(() => rmSync(media, { recursive: true }));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'));
  const clip = { folder: clipFolder, patches: 'value', words: 'prompt' } as const;
  options = {
    datasetRoot: media,
    storeRoot: root,
    sampling: seconds(1),
    words: 5,
    clip,
    audio: { folder: audioFolder },
    videos,
    texts,
    workers: 0,
  };
});
afterEach(() => rmSync(root, { recursive: true }));

const filesOf = (folder = root): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [
        join(entry.parentPath, entry.name).slice(folder.length),
        readFileSync(join(entry.parentPath, entry.name)).toString('base64'),
      ]),
  );

it('stores texts as declarations by the question, in a folder of their own', async () => {
  const asked = ['Is there a violin sound', 'Where is the performance', 'where'];
  const clip = { ...options.clip!, frames: false, prompts: true };
  const { stores, encoded } = await prepareFeatures({ ...options, clip, audio: undefined, videos: [], texts: asked });
  expect([encoded, ...stores.map(({ folder }) => folder.slice(root.length))]).toEqual([6, '/dynamo-23-words-prompt', '/dynamo-23-prompts']);
  const { sentence } = await (
    await loadClip(clipFolder, clip)
  ).encodeTexts(['There is a violin sound', 'The performance is somewhere', 'where']);
  const store = openFeatureStore(stores);
  expect(greatestDifference(store.read('prompt', asked), sentence)).toBeLessThan(2e-3 * Math.max(...sentence.map(Math.abs))); // float16
  expect(greatestDifference(store.read('prompt', asked.slice(0, 1)), store.read('sentence', asked.slice(0, 1)))).toBeGreaterThan(1e-2);
  store.close();
});

it('stores what the encoders give, by video and by text', async () => {
  const seen: string[] = [];
  const { stores, encoded, kept } = await prepareFeatures({
    ...options,
    onProgress: ({ stage, done, total }) => seen.push(`${stage} ${done}/${total}`),
  });
  expect([encoded, kept]).toEqual([142, 0]);
  const countUp = (stage: string, each: number) => Array.from({ length: 71 }, (_, done) => `${stage} ${each * done}/${each * 70}`);
  expect(seen).toEqual(['texts 0/2', 'texts 1/2', 'texts 2/2', ...countUp('frames', 2), ...countUp('sound', 1)]);
  expect(stores.map(({ folder }) => folder.slice(root.length))).toEqual([
    '/dynamo-23-patches-value-words-prompt-every-2x1',
    '/audio-every-2x1',
  ]);

  const store = openFeatureStore(stores);
  expect(Object.fromEntries(store.fields.map((field) => [field, store.describe(field).shape]))).toEqual({
    ...{ frame: [2, 6], patch: [2, 9, 6], sentence: [6], words: [5, 6], audio: [2, 5] },
  });
  const clip = await loadClip(clipFolder, options.clip!);
  const { frame, patches } = await clip.encodeFrames(await readFrames(media, 'video33', [0, 1]));
  const half = 2e-3; // of values up to 3
  expect(greatestDifference(store.read('frame', ['video33']), frame)).toBeLessThan(half);
  expect(greatestDifference(store.read('patch', ['video33']), patches)).toBeLessThan(half);
  const { sentence, words } = await clip.encodeTexts(['is there a violin']);
  expect(greatestDifference(store.read('sentence', ['is there a violin']), sentence)).toBeLessThan(half);
  const padded = [...words[0].flatMap(({ embedding }) => [...embedding]), ...new Array(6).fill(0)];
  expect(greatestDifference(store.read('words', ['is there a violin']), padded)).toBeLessThan(half);
  const encoder = await loadAudioEncoder(audioFolder);
  const audio = await encoder.encode(readWav(soundFile(media, 'video33')), [0, 1]);
  expect(greatestDifference(store.read('audio', ['video33']), audio)).toBeLessThan(4e-3);
  expect(stores.flatMap(({ folder }) => checkStore(folder))).toEqual([]);
  store.close();
});

it('leaves alone what is there, and adds what is new', async () => {
  await prepareFeatures({ ...options, videos: videos.slice(0, 40) });
  const before = filesOf();
  expect(await prepareFeatures({ ...options, videos: videos.slice(0, 40) })).toMatchObject({ encoded: 0, kept: 82 });
  expect(filesOf()).toEqual(before);
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 60, kept: 82 });
});

it('takes the frame and the second of sound at the start of longer segments', async () => {
  const datasetRoot = mkdtempSync(join(root, 'media-'));
  await writeVideos(datasetRoot, ['a'], { seconds: 6 });
  const longer = { ...options, datasetRoot, videos: ['a'], sampling: seconds(3) };
  const { stores } = await prepareFeatures(longer);
  expect(stores.map(({ expected }) => expected.sampling)).toEqual([seconds(3), seconds(3)]);
  const store = openFeatureStore(stores);
  const clip = await loadClip(clipFolder, options.clip!);
  const { frame } = await clip.encodeFrames(await readFrames(datasetRoot, 'a', [0, 3]));
  expect(greatestDifference(store.read('frame', ['a']), frame)).toBeLessThan(2e-3);
  const audio = await (await loadAudioEncoder(audioFolder)).encode(readWav(soundFile(datasetRoot, 'a')), [0, 3]);
  expect(greatestDifference(store.read('audio', ['a']), audio)).toBeLessThan(4e-3);
  store.close();
  await expect(prepareFeatures({ ...longer, sampling: seconds(0) })).rejects.toThrow('segmentSeconds is 0, expected a number above 0');
});

it('lets the last second of a video that ends early stand for the missing ones, and says of which video', async () => {
  const datasetRoot = mkdtempSync(join(root, 'media-'));
  await writeVideos(datasetRoot, ['whole'], { seconds: 12 });
  await writeVideos(datasetRoot, ['short'], { seconds: 10 });
  await writeVideos(datasetRoot, ['shorter'], { seconds: 9 });
  const sampling = { choice: 'every', segments: 12, segmentSeconds: 1 } as const; // up to 2 s may be missing
  const { stores, faults } = await prepareFeatures({ ...options, datasetRoot, sampling, videos: ['whole', 'short', 'shorter'] });
  expect(faults).toEqual([
    {
      ...{ stage: 'frames', videoId: 'shorter' },
      reason: 'the frames of video shorter last 9 s, expected 12 s (12 segments of 1 s), at least 10 s. Fetch the whole video',
    },
    { stage: 'sound', videoId: 'shorter', reason: expect.stringContaining('the sound of video shorter lasts 9 s, expected 12 s') },
  ]);
  const store = openFeatureStore(stores);
  const short = [{ key: 'short', seconds: 10 }];
  for (const field of ['frame', 'audio']) expect(store.shortVideos(field, ['whole', 'short', 'shorter'])).toEqual(short);
  const clip = await loadClip(clipFolder, options.clip!);
  const { frame } = await clip.encodeFrames(await readFrames(datasetRoot, 'short', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]));
  expect(greatestDifference(store.read('frame', ['short']), frame)).toBeLessThan(2e-3);
  const audio = [...store.read('audio', ['short'])];
  const second = (at: number): number[] => audio.slice(at * 5, (at + 1) * 5);
  expect([second(10), second(11)]).toEqual([second(9), second(9)]);
  store.close();
});

it('refuses a video that is far too short where seconds are chosen by content, too', async () => {
  const datasetRoot = mkdtempSync(join(root, 'media-'));
  await writeVideos(datasetRoot, ['whole'], { seconds: 12 });
  await writeVideos(datasetRoot, ['shorter'], { seconds: 9 });
  const sampling = { choice: 'content', segments: 4, segmentSeconds: 3 } as const;
  const { faults } = await prepareFeatures({ ...options, datasetRoot, sampling, videos: ['whole', 'shorter'] });
  const reason = expect.stringMatching(/9 s, expected 12 s \(4 segments of 3 s\), at least 10 s\..* set features\.segmentSeconds=2$/);
  expect([...faults].sort((a, b) => a.stage.localeCompare(b.stage))).toEqual([
    { stage: 'frames', videoId: 'shorter', reason },
    { stage: 'sound', videoId: 'shorter', reason },
  ]);
});

it('gives the same bytes from worker processes', async () => {
  await prepareFeatures(options);
  const alone = filesOf();
  rmSync(root, { recursive: true });
  await prepareFeatures({ ...options, workers: 2 }, worker);
  expect(filesOf()).toEqual(alone);
});

it('killed in the middle, goes on with what is left and ends with the same bytes', async () => {
  await prepareFeatures(options);
  const uninterrupted = filesOf();
  rmSync(root, { recursive: true });

  const child = spawn(process.execPath, [
    ...fromSources,
    join(__dirname, 'fixtures', 'prepare.cjs'),
    JSON.stringify({ ...options, workers: 2 }),
  ]);
  const output = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      if (text.includes('frames 130')) child.kill('SIGKILL'); // of the third shard, so that one is finished
    });
    child.stderr.on('data', (data) => reject(new Error(String(data))));
    child.on('exit', (_, signal) => resolve(`${signal} ${text}`));
  });
  expect(output).toMatch(/^SIGKILL (texts|frames)/);
  const finished = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bin')); // names only: its workers may still take locks
  expect(finished.length).toBeLessThan(Object.keys(uninterrupted).filter((name) => name.endsWith('.bin')).length);

  const { encoded, kept } = await prepareFeatures(options); // takes over the dead process's claim
  expect(kept).toBeGreaterThanOrEqual(32);
  expect(encoded + kept).toBe(142);
  expect(filesOf()).toEqual(uninterrupted);
});

it('stops between two shards when it is told to', async () => {
  const stop = new AbortController();
  const stopped = prepareFeatures({
    ...options,
    signal: stop.signal,
    onProgress: ({ stage, done }) => stage === 'frames' && done > 0 && stop.abort(new Error('enough')),
  });
  await expect(stopped).rejects.toThrow('enough');
  expect(await prepareFeatures(options)).toMatchObject({ encoded: 142 - 34, kept: 34 });
});

const twoVideos = async (): Promise<string> => {
  const folder = mkdtempSync(join(root, 'media-'));
  await writeVideos(folder, ['a', 'b']);
  return folder;
};

describe('a video that cannot be encoded', () => {
  it('is listed with its reason, does not stop the others, and is encoded once it can be', async () => {
    const datasetRoot = await twoVideos();
    unlinkSync(frameFile(datasetRoot, 'b', 1));
    unlinkSync(soundFile(datasetRoot, 'a'));
    const both = { ...options, datasetRoot, videos: ['a', 'b'] };
    const { encoded, faults, stores } = await prepareFeatures(both);
    expect(encoded).toBe(4);
    expect(faults).toEqual([
      {
        stage: 'frames',
        videoId: 'b',
        reason: expect.stringContaining('the frames of video b last 1 s, expected 2 s (2 segments of 1 s)'),
      },
      { stage: 'sound', videoId: 'a', reason: 'sound audio/a.wav is not there' },
    ]);
    const store = openFeatureStore(stores);
    expect([store.missing('patch', ['a', 'b']), store.missing('audio', ['a', 'b'])]).toEqual([['b'], ['a']]);
    expect(store.whyMissing('frame', 'b')).toBe(faults[0].reason);

    expect(await prepareFeatures(both)).toMatchObject({ encoded: 0, kept: 4, faults });
    await writeVideos(datasetRoot, ['a', 'b']);
    expect(await prepareFeatures(both)).toMatchObject({ encoded: 2, kept: 4, faults: [] });
    expect(openFeatureStore(stores).missing('patch', ['a', 'b'])).toEqual([]);
  });

  it('may have a frame that is cut off, in worker processes too', async () => {
    const datasetRoot = await twoVideos();
    truncateSync(frameFile(datasetRoot, 'a', 0), 300);
    const { faults } = await prepareFeatures({ ...options, datasetRoot, videos: ['a', 'b'], workers: 2 }, worker);
    expect(faults).toEqual([
      { stage: 'frames', videoId: 'a', reason: expect.stringContaining('frame frames/a/000001.jpg cannot be read') },
    ]);
  });
});

it('keeps what extraction found doubtful of frames or sound with their features', async () => {
  const datasetRoot = await twoVideos();
  mkdirSync(join(datasetRoot, 'media-doubts'));
  writeFileSync(join(datasetRoot, 'media-doubts/b.json'), JSON.stringify({ frames: ['damaged'], sound: ['silent'] }));
  const { stores, encoded } = await prepareFeatures({ ...options, datasetRoot, videos: ['a', 'b'] });
  expect(encoded).toBe(6);
  const store = openFeatureStore(stores);
  const doubts = ['frame', 'patch', 'audio'].flatMap((field) => store.doubts(field, ['a', 'b']));
  expect(doubts).toEqual([
    { key: 'b', field: 'frame', reason: 'damaged' },
    { key: 'b', field: 'patch', reason: 'damaged' },
    { key: 'b', field: 'audio', reason: 'silent' },
  ]);
  store.close();
});

it('doubts features of a stereo wav whose channels cancel each other out', async () => {
  const datasetRoot = await twoVideos();
  const { samples, sampleRate } = readWav(soundFile(datasetRoot, 'b'));
  const turnedOver = [...samples].flatMap((_, i) => [8000, -8000].map((level) => Math.round(level * Math.sin(i / 6))));
  writeFileSync(soundFile(datasetRoot, 'b'), wavBytes(turnedOver, { sampleRate, channels: 2 }));
  const { stores } = await prepareFeatures({ ...options, datasetRoot, videos: ['a', 'b'] });
  const store = openFeatureStore(stores);
  expect(store.doubts('audio', ['a', 'b']).filter(({ reason }) => reason.startsWith('its channels cancel'))).toMatchObject([{ key: 'b' }]);
  store.close();
});

describe('an error', () => {
  it('names the folder of media that is not there', async () => {
    const datasetRoot = mkdtempSync(join(root, 'media-'));
    await expect(prepareFeatures({ ...options, datasetRoot })).rejects.toThrow(
      `there is no folder ${join(datasetRoot, 'frames')} and no ${join(datasetRoot, 'audio')}. Expected frames/<video id>/000001.jpg`,
    );
  });

  it('names each reason where no video at all can be encoded', async () => {
    const datasetRoot = mkdtempSync(join(root, 'media-'));
    await writeVideos(datasetRoot, ['a', 'b'], { seconds: 4 });
    const reason = (media: string, video: string) =>
      `${video}: the ${media} of video ${video} last${media === 'sound' ? 's' : ''} 4 s, expected at most 2 s: 2 segments of 1 s. Set features.segmentSeconds=2, or cut the video`;
    const message = (media: string) =>
      [`none of the first 2 videos could be encoded (${media})`, reason(media, 'a'), reason(media, 'b')].join('\n');
    const both = { ...options, datasetRoot, videos: ['a', 'b'] };
    const ofFrames = expect.stringContaining(message('frames'));
    await expect(prepareFeatures(both)).rejects.toMatchObject({ name: 'MediaError', message: ofFrames });
    await expect(prepareFeatures({ ...both, clip: undefined })).rejects.toThrow(message('sound'));
    await expect(prepareFeatures({ ...both, storeRoot: join(root, 'one'), videos: ['a'] })).rejects.toThrow(
      'the video a could not be encoded (frames): the frames of video a last 4 s',
    );
    for (const second of [2, 3]) unlinkSync(frameFile(datasetRoot, 'a', second));
    await expect(prepareFeatures({ ...both, audio: undefined })).resolves.toMatchObject({ encoded: 1, faults: [{ videoId: 'b' }] });
  });

  it('names a text with more words than the store has room for', async () => {
    await expect(prepareFeatures({ ...options, texts: ['a a a', 'a a a a a a'] })).rejects.toThrow(
      'the text "a a a a a a" has 6 words, the store holds 5',
    );
  });

  it('names the seed of another world', async () => {
    await prepareFeatures({ ...options, videos: [] });
    const datasetRoot = await twoVideos();
    await writeVideos(datasetRoot, [], { seed: 2 });
    await expect(prepareFeatures({ ...options, datasetRoot })).rejects.toThrow(
      'was made from mini-avqa with seed 1, asked for is 2. Remove the folder',
    );
    const stores = planStores({ ...options, datasetRoot });
    expect(() => openFeatureStore(stores)).toThrow('was made from mini-avqa with seed 1, asked for is 2');
  });

  it('names the process that works at the same folder', async () => {
    const [{ folder }] = planStores(options);
    mkdirSync(folder);
    writeFileSync(join(folder, 'prepare.lock'), JSON.stringify(identityOf(process.ppid)));
    await expect(prepareFeatures(options)).rejects.toThrow(
      `the feature store ${folder} is in use by process ${process.ppid} on ${hostname()}. Wait until it ends, or stop it`,
    );
    expect(readdirSync(folder)).toEqual(['prepare.lock']);
  });

  it('names the model file that is missing', async () => {
    const clip = { ...options.clip!, folder: audioFolder };
    await expect(prepareFeatures({ ...options, clip })).rejects.toThrow(
      `${join(audioFolder, 'config.json')}: vision_config.image_size is missing`,
    );
    await expect(prepareFeatures({ ...options, audio: { folder: clipFolder } })).rejects.toThrow(
      `model ${clipFolder}: onnx/model.onnx is not there`,
    );
  });

  it('tells of a worker process that died', async () => {
    const dying = join(root, 'dying.cjs');
    writeFileSync(dying, `process.on('message', ({ job }) => job && process.kill(process.pid, 'SIGKILL'));`);
    await expect(prepareFeatures({ ...options, workers: 2 }, { file: dying })).rejects.toThrow(
      /a worker process ended \(SIGKILL\) at (texts|videos) .* Finished shards are kept; run again/,
    );
  });
});
