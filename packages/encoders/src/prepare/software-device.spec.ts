import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { provideEnvironment } from '@tass/onnx';
import { needsSwiftShader, swiftShaderEnvironment, withSwiftShader } from '@tass/testing';
import { checkDevice } from './check-device';
import { writeVideos } from './fixtures/dataset';
import type { FeaturePlan } from './plan-stores';
import { prepareFeatures, type PrepareFeaturesOptions } from './prepare-features';

const fixtures = (name: string) => join(__dirname, '..', name);
const dynamo = fixtures('clip/fixtures/dynamo-23');
const root = mkdtempSync(join(tmpdir(), 'software-device-'));
afterAll(() => rmSync(root, { recursive: true }));
beforeAll(() => writeVideos(root, ['a']));

const optionsFor = (store: string): PrepareFeaturesOptions => ({
  datasetRoot: root,
  storeRoot: join(root, store),
  sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
  clip: { folder: dynamo, patches: 'value', words: 'prompt' },
  ...{ videos: ['a'], texts: [], workers: 0 },
});
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const planOf = (more: Partial<FeaturePlan>): FeaturePlan => ({ datasetRoot: '', storeRoot: '', ...more });

withSwiftShader(`a driver without a GPU, SwiftShader ${needsSwiftShader}`, () => {
  beforeAll(() => provideEnvironment(swiftShaderEnvironment));

  it('is used where it is named, with a line that the CPU is faster', async () => {
    const remarks: string[] = [];
    await prepareFeatures({ ...optionsFor('webgpu'), device: 'webgpu', onRemark: (line) => remarks.push(line) });
    expect(remarks.at(-1)).toMatch(/computes on the CPU: right, but slower than features.device=cpu$/);
  });

  it('is not taken where no device is named, as it computes on the CPU', async () => {
    const remarks: string[] = [];
    const { stores } = await prepareFeatures({ ...optionsFor('auto'), device: 'auto', onRemark: (line) => remarks.push(line) });
    expect(remarks).toEqual([
      expect.stringMatching(/^features.device=auto: the encoders run on the CPU\. cuda: .*; webgpu: SwiftShader .* computes on the CPU$/),
    ]);
    expect(manifestOf(stores[0].folder)).not.toHaveProperty('computedBy');
  });

  it('refuses a model of half precision, as SwiftShader computes in none, and says what to set', async () => {
    const folder = join(root, 'half');
    cpSync(dynamo, folder, { recursive: true });
    for (const tower of ['vision', 'text'])
      cpSync(fixtures(`clip/fixtures/forms/legacy-17-fp16/${tower}_model.onnx`), join(folder, `onnx/${tower}_model_fp16.onnx`));
    const plan = planOf({ clip: { folder, patches: 'value', words: 'prompt', dtype: 'fp16' } });
    await expect(checkDevice('frames', plan, 'webgpu')).rejects.toThrow(
      /vision_model_fp16\.onnx: onnxruntime cannot load the model on webgpu \(.* requires f16 .*\)\. Set features\.dtype=fp32, or features\.device=cpu$/,
    );
  });

  it('refuses a model of which it computes other features, here sines of great numbers', async () => {
    const folder = join(root, 'sines');
    cpSync(fixtures('audio/fixtures/audio'), folder, { recursive: true });
    const { mel_bins: bins, frames_per_segment: frames = 50 } = JSON.parse(readFileSync(join(folder, 'preprocessor_config.json'), 'utf8'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ hidden_size: bins }));
    mkdirSync(join(folder, 'onnx'), { recursive: true });
    writeFileSync(join(folder, 'onnx/model.onnx'), sineModel(frames, bins));
    const plan = planOf({ audio: { folder } });
    await expect(checkDevice('sound', plan, 'webgpu')).rejects.toThrow(
      /^sound on webgpu differ from the CPU's by [\d.]+ of the greatest value, more than 0\.001$/,
    );
  });
});

/** Sines of a million times the mean over time: their last digits depend on how it is rounded. */
function sineModel(frames: number, bins: number): Uint8Array {
  const axes = { name: 'axes', type: onnx.AttributeProto.AttributeType.INTS, ints: [1] };
  const keepdims = { name: 'keepdims', type: onnx.AttributeProto.AttributeType.INT, i: 0 };
  const info = (name: string, ...sizes: number[]) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'batch' }, ...sizes.map((dimValue) => ({ dimValue }))] } } },
  });
  return onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'sines',
      node: [
        { name: 'mean', opType: 'ReduceMean', input: ['input'], output: ['mean'], attribute: [axes, keepdims] },
        { name: 'product', opType: 'Mul', input: ['mean', 'million'], output: ['product'] },
        { name: 'sine', opType: 'Sin', input: ['product'], output: ['output'] },
      ],
      initializer: [{ name: 'million', dims: [1], dataType: 1, floatData: [1e6] }],
      input: [info('input', frames, bins)],
      output: [info('output', bins)],
    },
  }).finish();
}
