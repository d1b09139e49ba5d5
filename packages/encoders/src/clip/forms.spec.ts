import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { greatestDifference } from '@tass/testing';
import { createSession } from '../model/session';
import { OnnxGraph } from '@tass/onnx';
import { clipIdentity, loadClip } from './clip';
import { addPatchOutput, patchOutput } from './patch-output';
import { addTokenOutput, tokenOutput } from './token-output';

// The forms that exporters and converters give one and the same CLIP; written by clip-forms.py.

const fixtures = join(__dirname, 'fixtures');
const expected = JSON.parse(readFileSync(join(fixtures, 'clip-exports.json'), 'utf8'));
const exact = 1e-5; // measured: up to 2.6e-6, of values up to 4
const forms: [name: string, difference: number][] = [
  ['eager-11', exact],
  ['dynamo-18', exact],
  ['slice-17', exact],
  ['external-18', exact],
  ['legacy-17-fp16', 1e-2], // measured: 4.1e-3
  ['legacy-17-q8', 0.2], // measured: 0.12
];

async function run(name: string, tower: 'vision' | 'text', add: (graph: OnnxGraph) => void, feeds: Record<string, Tensor>) {
  const file = join(fixtures, 'forms', name, `${tower}_model.onnx`);
  const graph = new OnnxGraph(readFileSync(file), file);
  add(graph);
  const session = await createSession(graph.encode(), file);
  return session.run(feeds);
}
const floats = (tensor: Tensor) => tensor.data as Float32Array;

describe.each(forms)('a CLIP in the form %s', (name, difference) => {
  it.each(['final', 'value'] as const)('gives every patch by the read-out %s, and its own embedding', async (readOut) => {
    const pixels = new Tensor('float32', Float32Array.from(expected.pixels), [2, 3, 24, 24]);
    const outputs = await run(name, 'vision', (graph) => addPatchOutput(graph, readOut), { pixel_values: pixels });
    expect(outputs[patchOutput].dims).toEqual([2, 10, 6]);
    expect(greatestDifference(floats(outputs[patchOutput]), expected[readOut])).toBeLessThan(difference);
    expect(greatestDifference(floats(outputs.image_embeds), expected.image)).toBeLessThan(difference);
  });

  it('gives every token of a text', async () => {
    const ids = BigInt64Array.from(expected.ids.flat().map(BigInt));
    const mask = ids.map((id) => (id === 0n ? 0n : 1n));
    const feeds = { input_ids: new Tensor('int64', ids, [3, 5]), attention_mask: new Tensor('int64', mask, [3, 5]) };
    const outputs = await run(name, 'text', addTokenOutput, feeds);
    expect(outputs[tokenOutput].dims).toEqual([3, 5, 6]);
    expect(greatestDifference(floats(outputs[tokenOutput]), expected.tokens)).toBeLessThan(difference);
  });
});

it('tells 8 bits from 32', async () => {
  const pixels = new Tensor('float32', Float32Array.from(expected.pixels), [2, 3, 24, 24]);
  const outputs = await run('legacy-17-q8', 'vision', (graph) => addPatchOutput(graph, 'value'), { pixel_values: pixels });
  expect(greatestDifference(floats(outputs[patchOutput]), expected.value)).toBeGreaterThan(1e-3);
});

it('leaves the bytes of the model as they are, and adds its own behind them', () => {
  const bytes = readFileSync(join(fixtures, 'forms/dynamo-18/vision_model.onnx'));
  const graph = new OnnxGraph(bytes, 'vision_model.onnx');
  addPatchOutput(graph, 'value');
  expect(bytes.equals(graph.encode().subarray(0, bytes.length))).toBe(true);
});

describe('dtype', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtype-'));
    cpSync(join(fixtures, 'opset-14'), folder, { recursive: true });
    for (const [form, suffix] of [
      ['legacy-17-fp16', '_fp16'],
      ['legacy-17-q8', '_quantized'],
    ])
      for (const tower of ['vision', 'text'])
        cpSync(join(fixtures, 'forms', form, `${tower}_model.onnx`), join(folder, `onnx/${tower}_model${suffix}.onnx`));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const options = { patches: 'final', words: 'token' } as const;

  it.each(['fp32', 'fp16', 'q8'] as const)('%s loads the files of that name', async (dtype) => {
    const clip = await loadClip(folder, { ...options, dtype });
    const { sentence } = await clip.encodeTexts(['is there', 'violin flute the', 'Where']);
    expect(greatestDifference(sentence, expected.text)).toBeLessThan({ fp32: 1e-5, fp16: 1e-2, q8: 0.2 }[dtype]);
    await clip.close();
  });

  it('makes another encoder of a model', () => {
    const of = (dtype: 'fp32' | 'fp16' | 'q8') => JSON.stringify(clipIdentity(folder, { ...options, dtype }));
    expect(new Set([of('fp32'), of('fp16'), of('q8')]).size).toBe(3);
    expect(clipIdentity(folder, options)).toEqual(clipIdentity(folder, { ...options, dtype: 'fp32' }));
  });

  it.each(['_data', '.data'])('and the weights in files%s beside a graph do too', (end) => {
    const before = clipIdentity(folder, options).digest;
    writeFileSync(join(folder, `onnx/vision_model.onnx${end}`), '1');
    const first = clipIdentity(folder, options).digest;
    writeFileSync(join(folder, `onnx/vision_model.onnx${end}`), '2');
    expect(new Set([before, first, clipIdentity(folder, options).digest]).size).toBe(3);
  });

  it('that is not there is told with those that are', async () => {
    rmSync(join(folder, 'onnx/vision_model_fp16.onnx'));
    await expect(loadClip(folder, { ...options, dtype: 'fp16' })).rejects.toThrow(
      /onnx\/vision_model_fp16.onnx is not there, but onnx\/vision_model.onnx, onnx\/vision_model_quantized.onnx\. Expected/,
    );
  });
});
