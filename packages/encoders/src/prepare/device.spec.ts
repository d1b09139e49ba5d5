import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFeatureStore, readShards } from '@tass/feature-store';
import { provideEnvironment } from '@tass/onnx';
import { greatestDifference, needsSwiftShader, webgpuEnvironment, webgpuName, withWebgpu } from '@tass/testing';
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

withWebgpu(`on WebGPU ${needsSwiftShader}`, () => {
  beforeAll(() => provideEnvironment(webgpuEnvironment));

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
      expect([provider, `webgpu: ${device}`]).toEqual(['webgpu', expect.stringMatching(webgpuName)]);
      expect(nodes.webgpu).toBeGreaterThan(nodes.cpu ?? 0);
      expect(difference).toBeLessThan(1e-5);
    }
    expect(readShards(onDevice.stores[0].folder).map(({ shard }) => shard.provider)).toEqual(['webgpu', 'webgpu']);
    expect(remarks[1]).toMatch(/^frames on webgpu \(.+\): \d+ nodes on webgpu.*; features differ from the CPU's by /);
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

  it.each(['clap', 'ast'])('hears with %s as the CPU does, several windows at once', async (name) => {
    const plan = planOf({ audio: { folder: fixtures(`audio/fixtures/${name}`) } });
    const { nodes, difference } = await checkDevice('sound', plan, 'webgpu');
    expect(nodes.webgpu).toBeGreaterThan(nodes.cpu ?? 0);
    expect(difference).toBeLessThan(1e-3);
  });
});
