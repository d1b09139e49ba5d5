import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { checkConfig } from './check';
import { composeExperiment } from './compose';
import { takePart } from './take-part';

const root = mkdtempSync(join(tmpdir(), 'tass-take-part-'));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, 'grid.yaml'), 'title: grid\nsweep:\n  seeds: [1, x]\nseed: 1\n');
const composed = composeExperiment({ root, name: 'grid' });

it('each side is checked on its own, with full keys and places', () => {
  const { rest, part } = takePart(composed, 'sweep');
  expect(checkConfig(rest, z.strictObject({ title: z.string(), seed: z.int() }))).toEqual({ title: 'grid', seed: 1 });
  const check = () => checkConfig(part!, z.strictObject({ sweep: z.strictObject({ seeds: z.array(z.int()) }) }));
  expect(check).toThrow(/grid\.yaml:3:14: sweep\.seeds\.1 is "x", expected/);
});

it('a key that is not there', () => {
  const { rest, part } = takePart(composed, 'launcher');
  expect(part).toBeUndefined();
  expect(rest.config).toEqual(composed.config);
});
