import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectArrays, readCheckpoint, writeCheckpoint, type Json } from './checkpoint';
import { CheckpointError } from './checkpoint-error';
import type { NamedArrays } from './named-arrays';
import { damaged, writeSafetensors } from './safetensors';

const folder = mkdtempSync(join(tmpdir(), 'tass-checkpoint-'));
const file = join(folder, 'last.safetensors');
afterAll(() => rmSync(folder, { recursive: true }));

const arrays: NamedArrays = {
  'answer.bias': { dtype: 'F32', shape: [3], data: new Float32Array([1, 2, 3]) },
  'answer.weight': { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) },
};
const state = { epoch: 3, step: 120, random: [4294967295, 0], best: { all: 0.58125, epoch: 2 }, note: null };

it('keeps arrays and state', () => {
  writeCheckpoint(file, { arrays, state });
  expect(readCheckpoint(file)).toEqual({ arrays, state });
});

it('refuses every single changed byte', () => {
  writeCheckpoint(file, { arrays, state });
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] ^= 1 << (at % 8);
    writeFileSync(file, changed);
    expect(() => readCheckpoint(file)).toThrow(CheckpointError);
  }
});

it('refuses a safetensors file that is no checkpoint', () => {
  expect(() => readCheckpoint(join(__dirname, '../fixtures/python.safetensors'))).toThrow('not a checkpoint of this project');
});

it.each(['null', '7', '[]', '{', ''])('refuses a file whose state is %j', (text) => {
  writeSafetensors(file, arrays, { format: 'tass', state: text });
  expect(() => readCheckpoint(file)).toThrow(new CheckpointError(file, `its state is not a map of keys. ${damaged}`));
});

it('refuses a state that JSON would change', () => {
  const write = (odd: unknown) => () => writeCheckpoint(file, { arrays, state: { best: odd as Json } });
  expect(write(NaN)).toThrow('state.best is NaN, which JSON cannot keep');
  expect(write([-Infinity])).toThrow('state.best.0 is -Infinity');
  expect(write(undefined)).toThrow('state.best is undefined');
  expect(write(new Uint32Array([1]))).toThrow('state.best is 1, which JSON cannot keep');
});

describe('expectArrays', () => {
  it('accepts the same names and shapes', () => {
    expect(() => expectArrays(file, arrays, { 'answer.weight': [2, 3], 'answer.bias': [3] })).not.toThrow();
  });

  it('lists everything that differs', () => {
    const check = () => expectArrays(file, arrays, { 'answer.weight': [3, 2], 'answer.scale': [] });
    expect(check).toThrow(CheckpointError);
    expect(check).toThrow(
      `${file}: of another network than the one configured: 1 other shapes: answer.weight is [2, 3], expected [3, 2]. ` +
        '1 missing: answer.scale []. 1 unexpected: answer.bias [3]. Take the configuration it was trained with, or another checkpoint',
    );
  });

  it('shortens long lists', () => {
    const shapes = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`layer${index}`, [1]]));
    expect(() => expectArrays(file, {}, shapes)).toThrow(
      '20 missing: layer0 [1]; layer1 [1]; layer2 [1]; layer3 [1]; layer4 [1]; layer5 [1]; layer6 [1]; layer7 [1]; and 12 more.',
    );
  });
});
