import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFixture } from './fixture';
import { beyondParity, parityError } from './parity';

describe('parityError', () => {
  it('is the largest difference over 1e-5 of the largest magnitude plus 1e-7', () => {
    expect(parityError([2, 10], [2, 10])).toBe(0);
    expect(parityError([2.0001, 10], [2, 10])).toBeCloseTo(1e-4 / (1e-4 + 1e-7), 3);
    expect(parityError([1e-6], [0])).toBeCloseTo(10, 6);
    expect(parityError([NaN], [0])).toBe(Infinity);
  });
});

describe('beyondParity', () => {
  it('names what differs and what is missing', () => {
    const reference = new Map(['same', 'other', 'missing'].map((name) => [name, { shape: [1], values: Float32Array.of(2) }]));
    const given = new Map([['same', [2]], ['other', [2.1]]]); // prettier-ignore
    expect(beyondParity(given, reference).map(([name]) => name)).toEqual(['other', 'missing']);
    const broken = new Map([['same', { shape: [1], values: Float32Array.of(NaN) }]]);
    expect(beyondParity(given, broken).map(([name]) => name)).toEqual(['same']);
  });
});

describe('readFixture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (name: string, parameters: object): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ config: { dim: 2 }, parameters, inputs: {}, outputs: {}, gradients: {}, zeroGradients: [] }));
    return path;
  };

  it('reads arrays by name', () => {
    const float32 = Buffer.from(Float32Array.from([1.5, -2]).buffer).toString('base64');
    const int32 = Buffer.from(Int32Array.from([7]).buffer).toString('base64');
    const { config, parameters } = readFixture(
      written('good.json', { 'a.weight': { shape: [1, 2], float32 }, ids: { shape: [1], int32 } }),
    );
    expect(config).toEqual({ dim: 2 });
    expect(parameters.get('a.weight')).toEqual({ shape: [1, 2], values: Float32Array.from([1.5, -2]) });
    expect(parameters.get('ids')).toEqual({ shape: [1], values: Int32Array.from([7]) });
  });

  it('names an array that does not fill its shape', () => {
    const float32 = Buffer.from(Float32Array.from([1.5, -2]).buffer).toString('base64');
    expect(() => readFixture(written('bad.json', { bias: { shape: [3], float32 } }))).toThrow(
      /bad\.json: bias has 2 values, expected 3 for shape \[3\]/,
    );
  });
});
