import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clicking, clicksIn, ffmpegHere, makeVideo, needsFfmpeg, numbered, whenFfmpeg } from '../fixtures/videos';
import { findChangedVideos } from './changed-videos';
import { extractMedia, type ExtractMediaOptions } from './extract-media';

let made: string;
let root: string;
beforeAll(() => {
  made = mkdtempSync(join(tmpdir(), 'versions-'));
  if (!ffmpegHere) return;
  const codecs = ['-c:v', 'mpeg4', '-c:a', 'aac'];
  makeVideo(...numbered(3), ...codecs, join(made, 'silent.mp4'));
  makeVideo(...numbered(3), ...clicking(3, [0.5]), ...codecs, join(made, 'early.mp4')); // sounds early
  makeVideo(...numbered(2), ...clicking(2, [1.5]), ...codecs, join(made, 'late.mp4'));
  const whole = readFileSync(join(made, 'early.mp4'));
  writeFileSync(join(made, 'broken.mp4'), whole.subarray(0, whole.length / 2));
});
afterAll(() => rmSync(made, { recursive: true }));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'changed-'));
  mkdirSync(join(root, 'videos'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Puts one of the videos into the place of the only one of the dataset. */
const put = (name: string): void => copyFileSync(join(made, `${name}.mp4`), join(root, 'videos/a.mp4'));
const options = () => ({ datasetRoot: root, videos: ['a'], ffmpeg: ffmpegHere });
const extract = async (more: Partial<ExtractMediaOptions> = {}) => {
  const { faults } = await extractMedia({ ...options(), ...more });
  return faults.map(({ reason }) => reason);
};
const changed = async (more: Partial<ExtractMediaOptions> = {}) =>
  (await findChangedVideos({ ...options(), ...more })).map(({ kinds, reason }) => [kinds.join(), reason]);

/** How many frames there are, and when the wav clicks. */
const here = (sounds = 'audio') => ({
  frames: existsSync(join(root, 'frames/a')) ? readdirSync(join(root, 'frames/a')).length : 0,
  clicks: existsSync(join(root, sounds, 'a.wav')) ? clicksIn(join(root, sounds, 'a.wav')).map((second) => Math.round(2 * second) / 2) : [],
});
const ofSilent = { frames: 3, clicks: [] };
const ofEarly = { frames: 3, clicks: [0.5] };
const ofLate = { frames: 2, clicks: [1.5] };
const nothing = { frames: 0, clicks: [] };
const reasonOf = (kinds: string) => `videos/a.mp4 has changed since its ${kinds} extracted. Extract them again: features:prepare --refresh`;

whenFfmpeg(`a video that was replaced${needsFfmpeg}`, () => {
  it.each([
    ['silent', 'early', ofSilent, ofEarly, 'frames were'], // got a sound
    ['early', 'silent', ofEarly, ofSilent, 'frames and sound were'], // lost it
    ['early', 'late', ofEarly, ofLate, 'frames and sound were'], // is shorter
    ['early', 'broken', ofEarly, nothing, 'frames and sound were'],
  ])(
    '%s by %s: nothing of the new one joins what is there; refresh makes all of the new one, or nothing',
    async (old, next, was, is, kinds) => {
      put(old);
      await extract();
      expect(here()).toEqual(was);
      put(next);
      expect(await extract()).toEqual([reasonOf(kinds)]);
      expect([here(), (await changed()).map(([, reason]) => reason)]).toEqual([was, [reasonOf(kinds)]]);
      await extract({ refresh: true });
      expect([here(), await changed()]).toEqual([is, []]);
    },
  );

  it('by one without a sound, to which the user then brings one: that stays', async () => {
    put('early');
    await extract();
    put('silent');
    await extract({ refresh: true });
    copyFileSync(join(root, 'frames/a/000001.jpg'), join(root, 'audio/a.wav')); // whatever it is
    expect([await extract({ refresh: true }), await changed(), existsSync(join(root, 'audio/a.wav'))]).toEqual([[], [], true]);
  });

  it.each([
    ['frames', { sound: false }, { frames: 3, clicks: [] }, 'frames were'],
    ['sound', { frames: false }, { frames: 0, clicks: [0.5] }, 'sound was'],
  ])('when only its %s had been extracted', async (_, first, was, kinds) => {
    put('early');
    await extract(first);
    put('late');
    expect(await extract()).toEqual([reasonOf(kinds)]);
    const [only, other] = [first, { frames: !('frames' in first), sound: !('sound' in first) }].reverse(); // what was not extracted yet, alone
    expect([await extract({ ...other, ...only }), here()]).toEqual([[reasonOf(kinds)], was]);
    expect([await extract({ refresh: true }), here()]).toEqual([[], ofLate]);
  });

  it('and its sound at another rate goes with the frames that it belonged to', async () => {
    put('early');
    await extract({ sampleRate: 48000 });
    put('late');
    expect(await extract()).toEqual([reasonOf('frames and sound were')]);
    expect([await extract({ refresh: true }), here(), here('audio-48000')]).toEqual([[], ofLate, { frames: 2, clicks: [] }]);
    expect([await extract({ sampleRate: 48000 }), here('audio-48000')]).toEqual([[], ofLate]);
  });

  it('while ffmpeg read it: neither its frames nor its sound are kept', async () => {
    put('early');
    const program = join(root, 'ffmpeg');
    writeFileSync(program, `#!/bin/sh\ncp ${join(made, 'late.mp4')} ${join(root, 'videos/a.mp4')}\nexec ${ffmpegHere!.ffmpeg} "$@"\n`, {
      mode: 0o755,
    });
    const slow = { ...ffmpegHere!, ffmpeg: program };
    const reasons = await extract({ ffmpeg: slow });
    expect([new Set(reasons), here()]).toEqual([new Set(['videos/a.mp4 changed while it was read. Run the same command again']), nothing]);
    expect([await extract(), here()]).toEqual([[], ofLate]);
  });

  it('by a copy with another time is the same video, with its digest in the record; without one, it has changed', async () => {
    put('early');
    await extract();
    utimesSync(join(root, 'videos/a.mp4'), 1, 1);
    expect([await changed(), await extract(), await changed()]).toEqual([[], [], []]);
    for (const record of ['frames/.sources/a.json', 'audio/.sources/a.json']) {
      const { sha256, ...older } = JSON.parse(readFileSync(join(root, record), 'utf8')) as { sha256: string; changed: number };
      expect([sha256, older.changed]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 1]);
      writeFileSync(join(root, record), JSON.stringify(older)); // as it was written once
    }
    expect(await extract()).toEqual([]);
    utimesSync(join(root, 'videos/a.mp4'), 2, 2);
    expect(await extract()).toEqual([reasonOf('frames and sound were')]);
  });

  it('and is gone: records of other times without a digest are no two versions', async () => {
    put('early');
    await extract();
    ['frames', 'audio'].forEach((kind, index) => {
      const record = join(root, kind, '.sources/a.json');
      const { sha256, changed, ...older } = JSON.parse(readFileSync(record, 'utf8')) as { sha256: string; changed: number };
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      writeFileSync(record, JSON.stringify({ ...older, changed: changed + index }));
    });
    unlinkSync(join(root, 'videos/a.mp4'));
    expect([await extract(), await changed()]).toEqual([[], []]);
  });

  it('leaves folders that were not asked for unwritten', async () => {
    put('early');
    await extract({ sampleRate: 48000 });
    const before = statSync(join(root, 'audio-48000')).mtimeMs;
    await extract();
    expect([here(), statSync(join(root, 'audio-48000')).mtimeMs]).toEqual([ofEarly, before]);
  });

  it('and is gone: reports frames and sound of two versions', async () => {
    put('silent');
    await extract();
    const frames = readFileSync(join(root, 'frames/.sources/a.json'));
    put('early');
    await extract({ refresh: true });
    unlinkSync(join(root, 'videos/a.mp4'));
    expect([await extract(), await changed()]).toEqual([[], []]);
    writeFileSync(join(root, 'frames/.sources/a.json'), frames);
    const reason =
      'videos/a.mp4 is not there, and its frames and sound were made from two versions of it. Put it back, then extract them again: features:prepare --refresh';
    expect([await extract({ refresh: true }), await changed()]).toEqual([[reason], [['sound', reason]]]);
  });
});
