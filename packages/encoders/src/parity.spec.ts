import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { greatestDifference } from '@tass/testing';
import { loadAudioEncoder } from './audio/audio-encoder';
import { LogMel } from './audio/log-mel';
import { loadClip } from './clip/clip';
import { Tokenizer } from './clip/tokenizer';
import { ModelFolder } from './model/folder';

// The embedded encoders against PyTorch; the fixtures are written by tools/tiny-encoders/fixtures.py.

const models = join(__dirname, '..', 'models');
const tinyClip = join(models, 'tiny-clip');

interface Packed {
  readonly shape: readonly number[];
  readonly type: 'float32' | 'uint8' | 'int16';
  readonly base64: string;
}
const fixture = (name: string) => JSON.parse(readFileSync(join(__dirname, 'fixtures', `${name}.json`), 'utf8'));

function unpack({ base64, type }: Packed) {
  const { buffer, byteOffset, length } = Buffer.from(base64, 'base64');
  const bytes = buffer.slice(byteOffset, byteOffset + length);
  return type === 'float32' ? new Float32Array(bytes) : type === 'int16' ? new Int16Array(bytes) : new Uint8Array(bytes);
}

/** The greatest difference in units of the greatest value; measured: up to 4e-6. */
const relativeDifference = (actual: ArrayLike<number>, expected: ArrayLike<number>): number =>
  greatestDifference(actual, expected) / Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('the image tower', () => {
  const { frames, imageEmbeds, finalTokens, valueTokens } = fixture('tiny-clip-vision') as Record<string, Packed>;
  const [count, height, width] = frames.shape;

  it.each([
    ['final', finalTokens],
    ['value', valueTokens],
  ] as const)('gives the frame and its patches by %s as PyTorch does', async (patches, tokens) => {
    const clip = await loadClip(tinyClip, { patches, words: 'prompt' });
    const result = await clip.encodeFrames({ pixels: unpack(frames) as Uint8Array, count, height, width });
    await clip.close();
    expect([count, clip.regions + 1, clip.joint]).toEqual(tokens.shape);
    const withoutClassToken = unpack(tokens).filter((_, index) => Math.floor(index / clip.joint) % (clip.regions + 1) > 0);
    expect(relativeDifference(result.frame, unpack(imageEmbeds))).toBeLessThan(1e-5);
    expect(relativeDifference(result.patches, withoutClassToken)).toBeLessThan(1e-5);
  });
});

describe('the text tower', () => {
  const { texts, inputIds, textEmbeds, tokenEmbeds } = fixture('tiny-clip-text') as {
    texts: string[];
    inputIds: number[][];
    textEmbeds: Packed;
    tokenEmbeds: Packed[];
  };

  it('has the tokens that Python has', async () => {
    const tokenizer = await Tokenizer.load(new ModelFolder(tinyClip));
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(inputIds);
  });

  it('gives sentences, and words by their tokens, as PyTorch does', async () => {
    const clip = await loadClip(tinyClip, { patches: 'value', words: 'token' });
    const { sentence, words } = await clip.encodeTexts(texts);
    await clip.close();
    expect(relativeDifference(sentence, unpack(textEmbeds))).toBeLessThan(1e-5);
    const oneTokenEach = texts.slice(0, 3); // the fourth ends in a question mark, a token of its own
    oneTokenEach.forEach((_, text) => {
      const expected = unpack(tokenEmbeds[text]).slice(clip.joint, -clip.joint); // without begin and end token
      const actual = words[text].flatMap(({ embedding }) => [...embedding]);
      expect(relativeDifference(actual, expected)).toBeLessThan(1e-5);
    });
  });

  it('gives words by their own prompt as PyTorch gives the prompt', async () => {
    const clip = await loadClip(tinyClip, { patches: 'value', words: 'prompt' });
    const { words } = await clip.encodeTexts(['Where is the violin']);
    await clip.close();
    expect(texts[0]).toBe('a violin');
    expect(relativeDifference(words[0][3].embedding, unpack(textEmbeds).slice(0, clip.joint))).toBeLessThan(1e-5);
  });
});

describe('the audio encoder', () => {
  const { samples, logMel, embeds } = fixture('tiny-audio') as Record<string, Packed>;
  const sound = { sampleRate: 16000, samples: Float32Array.from(unpack(samples), (sample) => sample / 32768) };

  it('has the log-mel spectrogram that Python has', () => {
    const [frames, melBins] = logMel.shape;
    const config = {
      sampleRate: 16000,
      windowLength: 400,
      hopLength: 320,
      fftLength: 512,
      melBins,
      minHertz: 60,
      maxHertz: 7500,
      logOffset: 0.01,
    };
    expect(greatestDifference(new LogMel(config).compute(sound.samples, frames), unpack(logMel))).toBeLessThan(1e-6);
  });

  it('gives a second the vector that PyTorch does', async () => {
    const encoder = await loadAudioEncoder(join(models, 'tiny-audio'));
    expect(relativeDifference(await encoder.encode(sound, [0]), unpack(embeds))).toBeLessThan(1e-5);
    await encoder.close();
  });
});
