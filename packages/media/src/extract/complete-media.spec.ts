import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo, needsFfmpeg, numbered, numbersIn, whenFfmpeg } from '../fixtures/videos';
import { readFrames, soundFile } from '../frames';
import { readWav } from '../wav';
import { completeMedia } from './complete-media';
import { extractMedia } from './extract-media';

whenFfmpeg(`frames and sound of one length${needsFfmpeg}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'tass-complete-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=1000:d=${seconds}:r=16000`];
  const made = async (name: string, words: readonly string[], has: { frames: boolean; sound: boolean }) => {
    const datasetRoot = mkdtempSync(join(root, 'video-'));
    makeVideo(...words, '-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'pcm_s16le', join(datasetRoot, `${name}.mkv`));
    await extractMedia({ datasetRoot, videosFolder: datasetRoot, videos: [name] });
    const completed = await completeMedia({ datasetRoot, videoId: name, sampleRate: 16000, ...has });
    return { datasetRoot, completed, sound: readWav(soundFile(datasetRoot, name)) };
  };
  const both = { frames: true, sound: true };

  it('leaves what is whole as it is', async () => {
    const { completed, sound } = await made('whole', [...numbered(3, '10'), ...tone(3)], both);
    expect(completed).toEqual({ seconds: 3, completed: [] });
    expect(sound.samples).toHaveLength(48000);
  });

  it('keeps the last image until the sound ends', async () => {
    const { datasetRoot, completed } = await made('still', [...numbered(2, '10'), ...tone(5)], both);
    expect(completed).toEqual({ seconds: 5, completed: ['Its picture ends after 2 of 5 s: the last image stays.'] });
    const shown = await numbersIn(join(datasetRoot, 'frames/still'));
    expect([shown.length, shown[2], shown[4]]).toEqual([5, shown[1], shown[1]]);
    expect(shown[1]).not.toBe(shown[0]);
  });

  it('is silent after a sound that ends early, whose samples stay', async () => {
    const { completed, sound } = await made('hushed', [...numbered(4, '10'), ...tone(1.5)], both);
    expect(completed).toEqual({ seconds: 4, completed: ['Its sound ends after 1.5 of 4 s: silence follows.'] });
    expect(sound.samples).toHaveLength(64000);
    const loudest = (from: number, to: number): number => Math.max(...sound.samples.slice(from, to).map(Math.abs));
    expect(loudest(0, 16000)).toBeGreaterThan(0.1);
    expect(loudest(24000, 64000)).toBe(0);
    expect(sound.samples.slice(0, 8)).not.toEqual(new Float32Array(8)); // the header is no sound
  });

  it('is silent without a sound, and black without a picture', async () => {
    const silent = await made('silent', numbered(2, '10'), { frames: true, sound: false });
    expect(silent.completed).toEqual({ seconds: 2, completed: ['It has no sound: the network hears silence.'] });
    expect(silent.sound.samples).toEqual(new Float32Array(32000));
    const black = await made('black', tone(3), { frames: false, sound: true });
    expect(black.completed).toEqual({ seconds: 3, completed: ['It has no picture: the network sees black.'] });
    const { pixels } = await readFrames(black.datasetRoot, 'black', [0, 2]);
    expect(pixels.every((value) => value === 0)).toBe(true);
    expect(readdirSync(join(black.datasetRoot, 'audio'))).toEqual(expect.arrayContaining(['black.wav']));
  });
});
