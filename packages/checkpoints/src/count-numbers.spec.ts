import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countNumbers, writeCheckpoint } from './index';

const folder = mkdtempSync(join(tmpdir(), 'count-numbers-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('counts what a checkpoint holds, a scalar as one', () => {
  const file = join(folder, 'some.safetensors');
  const array = (...shape: number[]) => ({ dtype: 'F32', shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) }) as const; // prettier-ignore
  writeCheckpoint(file, { arrays: { weight: array(5, 7), bias: array(7), scale: array() }, state: { epoch: 3 } });
  expect(countNumbers(file)).toBe(5 * 7 + 7 + 1);
});

it.each(['', 'a text of no safetensors', '\u0002\0\0\0\0\0\0\0[]'])('knows nothing of a file that is %j, or not there', (content) => {
  const file = join(folder, 'other.safetensors');
  writeFileSync(file, content);
  expect([countNumbers(file), countNumbers(join(folder, 'absent'))]).toEqual([undefined, undefined]);
});
