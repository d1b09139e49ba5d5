import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { openFeatureStore, readShards } from '@tass/feature-store';
import { provideEnvironment } from '@tass/onnx';
import { greatestDifference, needsSwiftShader, swiftShaderEnvironment, withSwiftShader } from '@tass/testing';
import { checkDevice } from './check-device';
import { writeVideos } from './fixtures/dataset';
import type { FeaturePlan } from './plan-stores';
import { prepareFeatures, type PrepareFeaturesOptions } from './prepare-features';

const fixtures = (name: string) => join(__dirname, '..', name);
const dynamo = fixtures('clip/fixtures/dynamo-23');
const root = mkdtempSync(join(tmpdir(), 'device-'));
afterAll(() => rmSync(root, { recursive: true }));

const videos = ['a', 'b', 'c'];
const texts = ['is there a violin', 'where'];
const optionsFor = (store: string): PrepareFeaturesOptions => ({
  datasetRoot: root,
  storeRoot: join(root, store),
  sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
  words: 5,
  clip: { folder: dynamo, patches: 'value', words: 'prompt' },
  audio: { folder: fixtures('audio/fixtures/audio') },
  ...{ videos, texts, workers: 0 },
});
beforeAll(() => writeVideos(root, videos));

/** Every value of a store's videos and texts, by field. */
function valuesOf({ stores }: Awaited<ReturnType<typeof prepareFeatures>>): Map<string, Float32Array> {
  const store = openFeatureStore(stores);
  return new Map(store.fields.map((field) => [field, store.read(field, store.describe(field).key === 'video' ? videos : texts)]));
}

const greatest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const planOf = (more: Partial<FeaturePlan>): FeaturePlan => ({ datasetRoot: '', storeRoot: '', ...more });

it('refuses a provider that this system does not have, and makes nothing', async () => {
  const device = process.platform === 'win32' ? 'coreml' : 'dml';
  await expect(prepareFeatures({ ...optionsFor('refused'), device })).rejects.toThrow(
    new RegExp(`^features.device=${device}: onnxruntime has no ${device} on .*\\. Or set features.device=auto, or cpu$`),
  );
  expect(existsSync(join(root, 'refused'))).toBe(false);
});

withSwiftShader(`on WebGPU, by SwiftShader ${needsSwiftShader}`, () => {
  beforeAll(() => provideEnvironment(swiftShaderEnvironment));

  it('features are those of the CPU, and the store says which nodes ran where', async () => {
    const remarks: string[] = [];
    const onCpu = await prepareFeatures(optionsFor('cpu'));
    const onDevice = await prepareFeatures({ ...optionsFor('webgpu'), device: 'webgpu', onRemark: (line) => remarks.push(line) });
    const expected = valuesOf(onCpu);
    for (const [field, values] of valuesOf(onDevice))
      expect(greatestDifference(values, expected.get(field)!) / greatest(expected.get(field)!)).toBeLessThan(1e-3); // measured: below 1e-3 as float16 is stored
    expect(manifestOf(onCpu.stores[0].folder)).not.toHaveProperty('computedBy');
    const recorded = onDevice.stores.flatMap(({ folder }) => manifestOf(folder).computedBy);
    expect(recorded.map(({ of }) => of)).toEqual(['texts', 'frames', 'sound']);
    for (const { provider, device, nodes, difference } of recorded) {
      expect([provider, device]).toEqual(['webgpu', expect.stringMatching(/^SwiftShader/)]);
      expect(nodes.webgpu).toBeGreaterThan(nodes.cpu ?? 0);
      expect(difference).toBeLessThan(1e-5);
    }
    expect(readShards(onDevice.stores[0].folder).map(({ shard }) => shard.provider)).toEqual(['webgpu', 'webgpu']);
    expect(remarks[1]).toMatch(/^frames on webgpu \(SwiftShader .*\): \d+ nodes on webgpu.*; features differ from the CPU's by /);
    expect(remarks.at(-1)).toMatch(/computes on the CPU: right, but slower than features.device=cpu$/);
  });

  it('a store that the CPU began is continued', async () => {
    await prepareFeatures({ ...optionsFor('both'), videos: ['a'], audio: undefined });
    const before = manifestOf(join(root, 'both/dynamo-23-patches-value-words-prompt-every-2x1'));
    const { stores, kept } = await prepareFeatures({ ...optionsFor('both'), audio: undefined, device: 'webgpu' });
    expect(kept).toBe(3);
    const { seal: _, computedBy, ...after } = manifestOf(stores[0].folder);
    expect([{ ...after, seal: before.seal }, computedBy.length]).toEqual([before, 1]);
    expect(readShards(stores[0].folder).map(({ shard }) => shard.provider)).toEqual([undefined, undefined, 'webgpu']);
  });

  it('is not taken where no device is named, as it computes on the CPU', async () => {
    const remarks: string[] = [];
    const { stores } = await prepareFeatures({ ...optionsFor('auto'), device: 'auto', onRemark: (line) => remarks.push(line) });
    expect(remarks).toEqual([
      expect.stringMatching(/^features.device=auto: the encoders run on the CPU\. cuda: .*; webgpu: SwiftShader .* computes on the CPU$/),
    ]);
    expect(manifestOf(stores[0].folder)).not.toHaveProperty('computedBy');
  });

  it.each(['clap', 'ast'])('hears with %s as the CPU does, several windows at once', async (name) => {
    const plan = planOf({ audio: { folder: fixtures(`audio/fixtures/${name}`) } });
    const { nodes, difference } = await checkDevice('sound', plan, 'webgpu');
    expect(nodes.webgpu).toBeGreaterThan(nodes.cpu ?? 0);
    expect(difference).toBeLessThan(1e-3);
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
