import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { greatestDifference } from '@tass/testing';
import { audioIdentity, audioSizes, loadAudioEncoder } from './audio-encoder';

const fixtures = join(__dirname, 'fixtures'); // written by clap-export.py
const model = join(fixtures, 'clap');
const expected = JSON.parse(readFileSync(join(fixtures, 'clap-export.json'), 'utf8')) as { embeds: number[][] };
const noise = (i: number): number => ((i * 7919) % 65536) / 32768 - 1;
const samples = Float32Array.from({ length: 2.5 * 48000 }, (_, i) => 0.4 * Math.sin(i * i * 1e-6) + 0.3 * noise(i));
const sound = { sampleRate: 48000, samples };

it('gives each segment the embedding that Python gives of its second', async () => {
  const encoder = await loadAudioEncoder(model);
  expect([encoder.audioDim, encoder.sampleRate, encoder.windowSeconds]).toEqual([6, 48000, 1]);
  const wanted = expected.embeds.flat();
  const greatest = Math.max(...wanted.map(Math.abs));
  expect(greatestDifference(await encoder.encode(sound, [0, 1]), wanted) / greatest).toBeLessThan(1e-4);
  expect(greatestDifference(expected.embeds[0], expected.embeds[1]) / greatest).toBeGreaterThan(1e-2); // the seconds are told apart
  await encoder.close();
});

it('hears all of a longer segment, up to ten seconds', async () => {
  const [one, two] = await Promise.all([loadAudioEncoder(model), loadAudioEncoder(model, { segmentSeconds: 2 })]);
  expect([two.windowSeconds, (await loadAudioEncoder(model, { segmentSeconds: 30 })).windowSeconds]).toEqual([2, 10]);
  const [first, both] = [await one.encode(sound, [0]), await two.encode(sound, [0])];
  expect(greatestDifference(first, both)).toBeGreaterThan(1e-4);
  expect(audioIdentity(model, { segmentSeconds: 2 })).not.toEqual(audioIdentity(model));
});

it('tells its sizes without being loaded, and refuses a sound of 16 kHz', async () => {
  expect(audioSizes(model)).toEqual({ audioDim: 6, sampleRate: 48000 });
  const encoder = await loadAudioEncoder(model);
  await expect(encoder.encode({ sampleRate: 16000, samples }, [0], 'a.wav')).rejects.toThrow(
    'sound a.wav has 16000 samples a second, the encoder takes 48000',
  );
});
