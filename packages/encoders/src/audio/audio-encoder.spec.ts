import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { greatestDifference } from '@tass/testing';
import { loadAudioEncoder } from './audio-encoder';
import { LogMel } from './log-mel';

const fixtures = join(__dirname, 'fixtures'); // written by audio-export.py
const model = join(fixtures, 'audio');
const { weight, bias } = JSON.parse(readFileSync(join(fixtures, 'audio-export.json'), 'utf8'));
const sound = { sampleRate: 16000, samples: Float32Array.from({ length: 3 * 16000 }, (_, i) => Math.sin(i * i * 1e-5)) };
const frontEnd = {
  sampleRate: 16000,
  windowLength: 400,
  hopLength: 320,
  fftLength: 512,
  melBins: 8,
  minHertz: 60,
  maxHertz: 7500,
  logOffset: 0.01,
};

it('gives one vector for each second, from that second of the log-mel spectrogram', async () => {
  const encoder = await loadAudioEncoder(model);
  const spectrogram = new LogMel(frontEnd).compute(sound.samples, 150);
  const byHand = [0, 1, 2].flatMap((second) => {
    const bands = Array.from({ length: 8 }, (_, mel) =>
      Array.from({ length: 50 }, (_, frame) => spectrogram[(second * 50 + frame) * 8 + mel]),
    );
    const pooled = [...bands.map((band) => band.reduce((sum, value) => sum + value) / 50), ...bands.map((band) => Math.max(...band))];
    return Array.from({ length: 5 }, (_, unit) => pooled.reduce((sum, value, i) => sum + value * weight[unit * 16 + i], bias[unit]));
  });
  expect(greatestDifference(await encoder.encode(sound, [0, 1, 2]), byHand)).toBeLessThan(1e-5);
  expect(greatestDifference(await encoder.encode(sound, [0, 2]), [...byHand.slice(0, 5), ...byHand.slice(10)])).toBeLessThan(1e-5);
  await encoder.close();
});

it('refuses a sound of another rate or length by the name of its file', async () => {
  const encoder = await loadAudioEncoder(model);
  await expect(encoder.encode({ ...sound, sampleRate: 8000 }, [0, 1, 2], 'a.wav')).rejects.toThrow(
    'sound a.wav has 8000 samples a second, the encoder takes 16000',
  );
  await expect(encoder.encode(sound, [0, 9], 'a.wav')).rejects.toThrow('sound a.wav lasts 3.00 s, expected 10 s');
  await encoder.close();
});

it('refuses a model whose output is not what config.json says, and names a key that is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audio-'));
  cpSync(model, folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), '{"hidden_size": 128}');
  await expect(loadAudioEncoder(folder)).rejects.toThrow(
    `${folder}/onnx/model.onnx: of one window it gives [1,5], expected [1, 128] by config.json`,
  );
  const frontEnd = JSON.parse(readFileSync(join(model, 'preprocessor_config.json'), 'utf8'));
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify({ ...frontEnd, hop_length: 300 }));
  await expect(loadAudioEncoder(folder)).rejects.toThrow(
    `${folder}/preprocessor_config.json: hop_length is 300, expected a divisor of sampling_rate 16000, or frames_per_segment`,
  );
  writeFileSync(join(folder, 'config.json'), '{}');
  await expect(loadAudioEncoder(folder)).rejects.toThrow(`${join(folder, 'config.json')}: hidden_size is missing, expected a number`);
  rmSync(folder, { recursive: true });
});
