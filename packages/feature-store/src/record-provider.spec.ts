import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreDescription } from './manifest';
import { recordProvider } from './record-provider';
import { StoreFolder } from './store-folder';
import { openForWriting } from './writer';

const description: StoreDescription = {
  encoder: { name: 'tiny-clip', digest: 'aa', readOuts: {}, preprocessing: {} },
  dataset: { name: 'mini-avqa', digest: 'd1', seed: 1 },
  sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
  fields: { sentence: { key: 'text', axes: ['joint'], shape: [3] } },
};
const root = mkdtempSync(join(tmpdir(), 'record-'));
afterAll(() => rmSync(root, { recursive: true }));

it('adds each provider once to what the store says, also from several processes, and leaves the rest', async () => {
  const folder = join(root, 'store');
  openForWriting(folder, description);
  const plain = readFileSync(join(folder, 'manifest.json'), 'utf8');
  const webgpu = { provider: 'webgpu', device: 'a GPU', of: 'texts', nodes: { webgpu: 9, cpu: 1 }, difference: 1e-6 };
  const cuda = { ...webgpu, provider: 'cuda', nodes: { cuda: 10 } };
  await Promise.all(
    [webgpu, cuda, { ...webgpu, nodes: { cpu: 1, webgpu: 9 }, difference: 2e-6 }].map((each) => recordProvider(folder, each)),
  );
  const { manifest } = StoreFolder.open(folder, description);
  expect(manifest).toEqual({ ...JSON.parse(plain), seal: undefined, computedBy: [webgpu, cuda] });
  expect(readdirSync(folder)).toEqual(['manifest.json']);
  openForWriting(folder, description); // the CPU continues it
});

it('needs a store', async () => {
  const nowhere = join(root, 'nowhere');
  openForWriting(nowhere, description);
  rmSync(join(nowhere, 'manifest.json'));
  await expect(recordProvider(nowhere, { provider: 'cuda', device: 'a GPU', of: 'texts', nodes: {}, difference: 0 })).rejects.toThrow(
    `there is no feature store at ${nowhere} (no manifest.json)`,
  );
});
