import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { greatestDifference } from '@tass/testing';
import { clipIdentity, clipSizes, loadClip } from './clip';

const fixtures = join(__dirname, 'fixtures'); // written by clip-exports.py
const model = join(fixtures, 'dynamo-23');
const expected = JSON.parse(readFileSync(join(fixtures, 'clip-exports.json'), 'utf8'));
const joint = 6;
const row = (values: ArrayLike<number>, index: number) => Array.from(values).slice(index * joint, (index + 1) * joint);
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * i * 7 + i) % 256);

let copy: string;
beforeEach(() => {
  copy = join(mkdtempSync(join(tmpdir(), 'clip-')), 'tiny-clip');
  cpSync(model, copy, { recursive: true });
});
afterEach(() => rmSync(join(copy, '..'), { recursive: true }));

describe('texts', () => {
  it('have the embedding that PyTorch gives, whatever stands beside them', async () => {
    const clip = await loadClip(model, { patches: 'value', words: 'prompt' });
    const { sentence } = await clip.encodeTexts(['is there', 'violin flute the', 'Where']);
    expect(greatestDifference(sentence, expected.text)).toBeLessThan(1e-5);
    expect(greatestDifference((await clip.encodeTexts(['Where'])).sentence, row(expected.text, 2))).toBeLessThan(1e-5);
    await clip.close();
  });

  it('have words by their own prompt', async () => {
    const clip = await loadClip(model, { patches: 'value', words: 'prompt', prompt: 'is {word} the {word}' });
    const { words } = await clip.encodeTexts(['is there', 'there']);
    expect(words.map((ofText) => ofText.map(({ word }) => word))).toEqual([['is', 'there'], ['there']]);
    const { sentence } = await clip.encodeTexts(['is is the is', 'is there the there']);
    expect(greatestDifference(words[0][0].embedding, row(sentence, 0))).toBeLessThan(1e-5);
    expect(greatestDifference(words[1][0].embedding, row(sentence, 1))).toBeLessThan(1e-5);
    expect(words[1][0].embedding).toBe(words[0][1].embedding); // encoded once
    await clip.close();
  });

  it('have words by their tokens in context, the mean of several', async () => {
    const clip = await loadClip(model, { patches: 'value', words: 'token' });
    const { words } = await clip.encodeTexts(['is there', 'violin flute the']);
    expect(greatestDifference(words[0][1].embedding, row(expected.tokens, 2))).toBeLessThan(1e-5); // row 0, token 2
    expect(greatestDifference(words[1][0].embedding, row(expected.tokens, 5 + 1))).toBeLessThan(1e-5);
    expect(greatestDifference(words[1][2].embedding, row(expected.tokens, 5 + 3))).toBeLessThan(1e-5);

    const [[, joined]] = (await clip.encodeTexts(['the violin_flute'])).words; // tokens: the violin <unk> flute
    const [[, ...parts]] = (await clip.encodeTexts(['the violin else flute'])).words; // the same tokens, a word each
    const mean = parts[0].embedding.map((value, i) => (value + parts[1].embedding[i] + parts[2].embedding[i]) / 3);
    expect(joined.word).toBe('violin_flute');
    expect(greatestDifference(joined.embedding, mean)).toBeLessThan(1e-6);
    await clip.close();
  });

  it('are refused when longer than the model takes', async () => {
    const clip = await loadClip(model, { patches: 'value', words: 'prompt' });
    await expect(clip.encodeTexts(['a a a a a a'])).rejects.toThrow('the text "a a a a a a" has 8 tokens, the model takes 7. Shorten it');
    await expect(loadClip(model, { patches: 'value', words: 'prompt', prompt: 'a thing' })).rejects.toThrow(
      'the prompt is "a thing", expected {word}',
    );
    await clip.close();
  });
});

describe('images', () => {
  it('give one frame embedding and one for each region, in any number', async () => {
    const clip = await loadClip(model, { patches: 'final', words: 'prompt' });
    expect([clip.joint, clip.regions]).toEqual([6, 9]);
    const pixels = bytes(37 * 24 * 24 * 3);
    const all = await clip.encodeFrames({ pixels, count: 37, height: 24, width: 24 });
    const last = await clip.encodeFrames({ pixels: pixels.subarray(36 * 1728), count: 1, height: 24, width: 24 });
    expect([all.frame.length, all.patches.length]).toEqual([37 * 6, 37 * 9 * 6]);
    expect(greatestDifference(all.frame.subarray(36 * 6), last.frame)).toBeLessThan(1e-5);
    expect(greatestDifference(all.patches.subarray(36 * 9 * 6), last.patches)).toBeLessThan(1e-5);
    await clip.close();
  });
});

describe('a model folder', () => {
  const load = () => loadClip(copy, { patches: 'value', words: 'token' });

  it.each(['onnx/vision_model.onnx', 'onnx/text_model.onnx', 'preprocessor_config.json', 'tokenizer.json', 'config.json'])(
    'without %s is refused with file and remedy',
    async (file) => {
      rmSync(join(copy, file));
      await expect(load()).rejects.toThrow(`model ${copy}: ${file} is not there. Expected a folder in the layout of the model hub`);
    },
  );

  it('may be named by a relative path that could be a name on the hub', async () => {
    const before = process.cwd();
    process.chdir(join(copy, '..', '..'));
    try {
      const clip = await loadClip(join(basename(dirname(copy)), 'tiny-clip'), { patches: 'value', words: 'token' });
      const pixels = new Uint8Array(30 * 40 * 3).fill(51);
      expect((await clip.encodeFrames({ pixels, count: 1, height: 30, width: 40 })).frame).toHaveLength(joint); // through the resize
      expect((await clip.encodeTexts(['is there'])).words[0]).toHaveLength(2);
      await clip.close();
    } finally {
      process.chdir(before);
    }
  });

  it('with a file that is not JSON or lacks a key is refused', async () => {
    writeFileSync(join(copy, 'preprocessor_config.json'), '{"crop_size": 24, "size": 24, "image_mean": [1, 2]}');
    await expect(load()).rejects.toThrow(`${join(copy, 'preprocessor_config.json')}: image_mean is [1,2], expected 3 numbers`);
    writeFileSync(join(copy, 'preprocessor_config.json'), '{"crop');
    await expect(load()).rejects.toThrow(`${join(copy, 'preprocessor_config.json')}: is not JSON`);
  });

  it('has a digest that changes with any of its files', () => {
    const options = { patches: 'value', words: 'prompt' } as const;
    const before = clipIdentity(copy, options);
    expect(clipIdentity(copy, options)).toEqual(before);
    expect(before.digest).toBe(clipIdentity(model, options).digest);
    writeFileSync(join(copy, 'tokenizer_config.json'), readFileSync(join(copy, 'tokenizer_config.json'), 'utf8') + ' ');
    expect(clipIdentity(copy, options).digest).not.toBe(before.digest);
  });

  it('has no tokens for words where they are wider than its texts', async () => {
    const clip = await loadClip(model, { patches: 'value', words: 'hidden' });
    await expect(clip.encodeTexts(['is there'])).rejects.toThrow(
      'its tokens have 16 values and its texts 6, expected as many for words=hidden',
    );
    await clip.close();
  });

  it('tells its logit scale', () => {
    expect(clipSizes(copy)).toEqual({ joint: 6, regions: 9, logitScale: 100, tokens: 7 });
    const config = JSON.parse(readFileSync(join(copy, 'config.json'), 'utf8'));
    writeFileSync(join(copy, 'config.json'), JSON.stringify({ ...config, tass_logit_scale: 31.5 }));
    expect(clipSizes(copy).logitScale).toBe(31.5);
  });
});
