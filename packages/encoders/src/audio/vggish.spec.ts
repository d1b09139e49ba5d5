import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { greatestDifference } from '@tass/testing';
import { loadAudioEncoder } from './audio-encoder';
import { LogMel } from './log-mel';

const fixtures = join(__dirname, 'fixtures'); // written by vggish-export.py
const expected = JSON.parse(readFileSync(join(fixtures, 'vggish-export.json'), 'utf8')) as { logMel: string; embedding: string };
const floats = (base64: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
const noise = (i: number): number => ((i * 7919) % 65536) / 32768 - 1;
const samples = Float32Array.from({ length: 2.9 * 16000 }, (_, i) => 0.4 * Math.sin(i * i * 1e-5) + 0.3 * noise(i));
const vggish = {
  ...{ sampleRate: 16000, windowLength: 400, hopLength: 160, fftLength: 512 },
  ...{ melBins: 64, minHertz: 125, maxHertz: 7500, logOffset: 0.01, periodicWindow: true },
};

it('has the log-mel spectrogram of the formula in NumPy, also where the sound ends within the window', () => {
  const logMel = new LogMel(vggish);
  const actual = [0, 2].flatMap((second) => [...logMel.compute(samples.subarray(second * 16000), 96)]);
  expect(greatestDifference(actual, floats(expected.logMel))).toBeLessThan(1e-5); // measured: 2e-6 of values from -4.6 to 3
  const otherWindow = new LogMel({ ...vggish, periodicWindow: false }).compute(samples, 96);
  expect(greatestDifference(otherWindow, floats(expected.logMel).subarray(0, 96 * 64))).toBeGreaterThan(1e-3);
});

it('is silent below its threshold of hearing: log(0.01) in every band', () => {
  const bands = new LogMel(vggish).compute(new Float32Array(16000), 96);
  expect(bands.every((value) => value === Math.fround(Math.log(0.01)))).toBe(true);
});

it('gives each segment the vector of the 0.96 s from its second on', async () => {
  const encoder = await loadAudioEncoder(join(fixtures, 'vggish'));
  expect([encoder.audioDim, encoder.sampleRate, encoder.windowSeconds]).toEqual([4, 16000, 0.96]);
  const sound = { sampleRate: 16000, samples };
  expect(greatestDifference(await encoder.encode(sound, [0, 1, 2]), floats(expected.embedding))).toBeLessThan(1e-5);
  expect(greatestDifference(await encoder.encode(sound, [1]), floats(expected.embedding).subarray(4, 8))).toBeLessThan(1e-5);
  await encoder.close();
});

it('hears nothing behind the last frame of its window', async () => {
  const encoder = await loadAudioEncoder(join(fixtures, 'vggish'));
  const lastHeard = 95 * 160 + 399;
  const changed = (at: number) => encoder.encode({ sampleRate: 16000, samples: samples.map((value, i) => (i >= at ? 0 : value)) }, [0]);
  const [before, whole] = [await changed(lastHeard - 100), await changed(lastHeard + 1)];
  expect(greatestDifference(whole, floats(expected.embedding).subarray(0, 4))).toBeLessThan(1e-5);
  expect(greatestDifference(before, whole)).toBeGreaterThan(1e-5);
  await encoder.close();
});

const python = process.env.TASS_PYTHON;
(python ? it : it.skip)(
  `at full size and with random weights gives what PyTorch gives${python ? '' : ' (skipped: TASS_PYTHON names no Python with torch, onnx and onnxruntime)'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vggish-'));
    try {
      const tool = join(__dirname, '../../../../tools/vggish');
      execFileSync(python!, [join(tool, 'export.py'), '--random', `--out=${folder}`], { stdio: 'ignore' });
      const encoder = await loadAudioEncoder(folder, { threads: 2 });
      const actual = await encoder.encode({ sampleRate: 16000, samples }, [0, 1]);
      await encoder.close();
      const reference = `
import sys, numpy as np, torch
sys.path.insert(0, ${JSON.stringify(tool)})
from vggish import Vggish
torch.manual_seed(0)
log_mel = np.frombuffer(sys.stdin.buffer.read(), dtype='<f4').reshape(2, 1, 96, 64).copy()
with torch.inference_mode():
    sys.stdout.buffer.write(Vggish().eval()(torch.from_numpy(log_mel)).numpy().astype('<f4').tobytes())`;
      const logMel = new LogMel(vggish);
      const input = Float32Array.from([0, 16000].flatMap((start) => [...logMel.compute(samples.subarray(start), 96)]));
      const bytes = execFileSync(python!, ['-c', reference], { input: Buffer.from(input.buffer) });
      const wanted = new Float32Array(Uint8Array.from(bytes).buffer);
      const greatest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect([actual.length, greatest > 0]).toEqual([256, true]);
      expect(greatestDifference(actual, wanted) / greatest).toBeLessThan(1e-5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
