import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { makeData } from './data';
import { experiment } from './fixtures/experiment';

const root = mkdtempSync(join(tmpdir(), 'tass-data-'));
afterAll(() => rmSync(root, { recursive: true }));

it('making data ends at its signal while the world is made', async () => {
  const world = join(root, 'world');
  const dataset = { kind: 'mini-avqa' as const, root: world, seed: 1, videos: { train: 1, val: 1, test: 1 }, workers: 1 };
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(makeData({ ...experiment, dataset }, { root } as ProjectSettings, { signal })).rejects.toThrow('enough');
  expect(existsSync(join(world, 'world.making.json'))).toBe(true);
  expect(existsSync(join(world, 'world.json'))).toBe(false);
});
