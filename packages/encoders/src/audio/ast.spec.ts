import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav, type Sound } from '@tass/media';
import { greatestDifference } from '@tass/testing';
import { ModelFolder } from '../model/folder';
import { audioIdentity, audioSizes, loadAudioEncoder } from './audio-encoder';
import { type AudioWindow, samplesOf } from './window';
import { loadExtractor } from './window-encoder';

const fixtures = join(__dirname, 'fixtures'); // written by ast-export.py
const model = join(fixtures, 'ast');
const rate = 16000;
const seconds = [0, 6, 13];
const noise = (i: number): number => ((i * 7919) % 65536) / 32768 - 1;
const sampleAt = (i: number): number => (i % 20000 < 16000 ? 0.4 * Math.sin(i * i * 6e-6) + 0.3 * noise(i) : 0);
const sound: Sound = {
  sampleRate: rate,
  samples: Float32Array.from({ length: 13.95 * rate }, (_, i) => Math.round(sampleAt(i) * 32767) / 32768),
};
type Vectors = Readonly<Record<AudioWindow, readonly number[][]>>;
const vectorsIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'ast-export.json'), 'utf8')) as Vectors;

const floats = (bytes: Buffer): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);

/** The greatest difference of the vectors in both windows, of the greatest value. */
async function relativeDifference(folder: string, wanted: Vectors): Promise<number> {
  const differences = [];
  for (const window of ['segment', 'around'] as const) {
    const encoder = await loadAudioEncoder(folder, { window, segmentSeconds: 6 });
    const vectors = wanted[window].flat();
    differences.push(greatestDifference(await encoder.encode(sound, seconds), vectors) / Math.max(...vectors.map(Math.abs)));
    await encoder.close();
  }
  return Math.max(...differences);
}

describe('an AST', () => {
  it('gives each segment the vector that Python gives of its second, or of the ten seconds around it', async () => {
    const wanted = vectorsIn(fixtures);
    expect(await relativeDifference(model, wanted)).toBeLessThan(1e-5);
    const [first, second, third] = wanted.segment;
    const differences = [greatestDifference(first, second), greatestDifference(second, third), greatestDifference(first, wanted.around[0])];
    expect(Math.min(...differences)).toBeGreaterThan(0.05); // segments and windows give different vectors
  });

  it('tells its sizes and windows without being loaded', async () => {
    expect(audioSizes(model)).toEqual({ audioDim: 12, sampleRate: rate });
    expect(audioIdentity(model, { segmentSeconds: 6 }).preprocessing).toEqual({ windowSeconds: 1 });
    expect(audioIdentity(model, { segmentSeconds: 6, window: 'around' }).preprocessing).toEqual({ windowSeconds: 10, around: true });
  });

  it('refuses a sound of another rate or length by the name of its file', async () => {
    const encoder = await loadAudioEncoder(model);
    expect([encoder.audioDim, encoder.sampleRate, encoder.windowSeconds]).toEqual([12, rate, 1]);
    await expect(encoder.encode({ ...sound, sampleRate: 48000 }, [0], 'a.wav')).rejects.toThrow(
      'sound a.wav has 48000 samples a second, the encoder takes 16000',
    );
    await expect(encoder.encode(sound, [14], 'a.wav')).rejects.toThrow('sound a.wav lasts 13.95 s, expected 15 s');
    await encoder.close();
  });
});

describe('a folder whose files do not fit is refused:', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ast-'));
    cpSync(model, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const change = (file: string, changes: object): void => {
    const path = join(folder, file);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes }));
  };
  const refusal = async (): Promise<string> =>
    loadAudioEncoder(folder).then(
      () => 'none',
      ({ message }: Error) => message.replaceAll(folder, '<folder>'),
    );

  it.each([
    ['config.json', { hidden_size: 768 }, '<folder>/onnx/model.onnx: of one window it gives [1,12], expected [1, 768] by config.json'],
    ['config.json', { hidden_size: undefined }, '<folder>/config.json: hidden_size is missing, expected a number'],
    ['config.json', { max_length: 128 }, '<folder>/preprocessor_config.json: max_length is 1024, expected 128, as config.json'],
    [
      'preprocessor_config.json',
      { num_mel_bins: 64 },
      '<folder>/preprocessor_config.json: num_mel_bins is 64, expected 128, as config.json',
    ],
    [
      'preprocessor_config.json',
      { do_normalize: undefined },
      '<folder>/preprocessor_config.json: do_normalize is missing, expected true or false',
    ],
    ['preprocessor_config.json', { mean: 'x' }, '<folder>/preprocessor_config.json: mean is "x", expected a number'],
    [
      'preprocessor_config.json',
      { feature_extractor_type: 'ClapFeatureExtractor' },
      'feature_extractor_type is "ClapFeatureExtractor", expected ASTFeatureExtractor',
    ],
    ['preprocessor_config.json', { sampling_rate: null }, '<folder>/preprocessor_config.json: sampling_rate is null, expected a number'],
  ])('%s with %p', async (file, changes, message) => {
    change(file, changes);
    expect(await refusal()).toContain(message);
  });

  it('a model of another number of frames than both say', async () => {
    change('config.json', { max_length: 512 });
    change('preprocessor_config.json', { max_length: 512 });
    expect(await refusal()).toMatch(
      /^<folder>\/onnx\/model.onnx: takes no window of \[1,512,128\], as preprocessor_config.json makes them \(.+\)/,
    );
  });

  it('one without its model', async () => {
    rmSync(join(folder, 'onnx/model.onnx'));
    expect(await refusal()).toContain('model <folder>: onnx/model.onnx is not there');
  });

  it('a model that is no AST, or a graph that pools in another way', async () => {
    cpSync(join(fixtures, 'clap/onnx/audio_model.onnx'), join(folder, 'onnx/model.onnx'));
    expect(await refusal()).toBe(
      '<folder>/onnx/model.onnx: its outputs are audio_embeds, expected pooler_output or logits. Export the model as transformers does',
    );
  });
});

it('other encoders have one window', () => {
  expect(() => audioIdentity(join(fixtures, 'vggish'), { window: 'around' })).toThrow(
    'has a window of its own, and features.audioWindow=around is for CLAP and AST',
  );
  expect(audioIdentity(join(fixtures, 'vggish'), { window: 'segment' }).preprocessing).toEqual({});
});

const python = process.env.TASS_PYTHON;
const full = process.env.TASS_AST_PARITY === 'full';

// With all twelve layers of AST's own shape, and figures:
//   TASS_PYTHON=... TASS_AST_PARITY=full npx jest --selectProjects encoders --testPathPatterns ast.spec
(python ? describe : describe.skip)(
  `against Python${python ? '' : ' (skipped: TASS_PYTHON names no Python with tools/python-for-specs.txt)'}`,
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'ast-'));
      execFileSync(python!, [join(fixtures, 'ast-export.py'), full ? 'full' : 'tiny', folder], { stdio: 'pipe' });
    });
    afterAll(() => rmSync(folder, { recursive: true }));
    const say = (what: string, difference: number): void => {
      if (full) process.stderr.write(`${what}: ${difference.toExponential(1)}\n`);
    };

    it('a wav has the spectrogram that ASTFeatureExtractor makes of it', async () => {
      const heard = readWav(join(folder, 'sound.wav'));
      expect(greatestDifference(heard.samples, sound.samples)).toBe(0);
      const wanted = floats(readFileSync(join(folder, 'spectrogram.f32')));
      const extract = await loadExtractor(new ModelFolder(join(folder, 'legacy-bare')));
      const windows = [1, 10].flatMap((windowSeconds) =>
        seconds.map((second) => [second, { windowSeconds, around: windowSeconds === 10 }] as const),
      );
      for (const [index, [second, window]] of windows.entries()) {
        const { data, dims } = (await extract(samplesOf(heard, second, window))).input_values;
        const difference = greatestDifference(data, wanted.subarray(index * data.length, (index + 1) * data.length));
        say(`spectrogram of ${window.windowSeconds} s at ${second} s`, difference);
        expect([dims, difference < 1e-4]).toEqual([[1, 1024, 128], true]);
      }
    });

    it.each(['legacy-classifier', 'legacy-bare', 'dynamo-classifier', 'dynamo-bare'])(
      'the export %s gives the vectors of PyTorch',
      async (form) => {
        const difference = await relativeDifference(join(folder, form), vectorsIn(folder));
        say(form, difference);
        expect(difference).toBeLessThan(1e-5);
      },
    );
  },
);
