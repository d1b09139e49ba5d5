import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoopbackHub } from './fixtures/loopback-hub';
import { fetchModel } from './hub';

const root = mkdtempSync(join(tmpdir(), 'endless-'));
const name = 'someone/tiny-clip';
const { HF_ENDPOINT } = process.env;
afterAll(() => {
  process.env.HF_ENDPOINT = HF_ENDPOINT ?? '';
  rmSync(root, { recursive: true });
});

it.each([
  ['onnx/vision_model.onnx', 1000], // the hub says how long large files are
  ['config.json', 64 * 2 ** 20],
])('stops %s after as many bytes as it may have, and keeps nothing', async (file, most) => {
  const hub = await LoopbackHub.start(name, new Map([[file, Buffer.alloc(1000)]]));
  process.env.HF_ENDPOINT = hub.endpoint;
  hub.faults.set(file, ['endless']);
  await expect(fetchModel({ nameOrFolder: name, root, files: [file] })).rejects.toThrow(
    `model ${name}: ${file}: more than ${most} bytes came. Run this command where the hub can be reached`,
  );
  expect(readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
  await hub.stop();
});
