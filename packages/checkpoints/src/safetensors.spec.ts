import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError } from './checkpoint-error';
import type { NamedArrays } from './named-arrays';
import { readSafetensors, writeSafetensors } from './safetensors';

const fixture = join(__dirname, '../fixtures/python.safetensors'); // written by fixtures/write_fixture.py
const folder = mkdtempSync(join(tmpdir(), 'tass-safetensors-'));
const file = join(folder, 'arrays.safetensors');
afterAll(() => rmSync(folder, { recursive: true }));

const arrays: NamedArrays = {
  'tsgPlus.merge.weight': { dtype: 'F32', shape: [2, 3], data: new Float32Array([1, -2, 0.5, NaN, -Infinity, 1e-40]) },
  10: { dtype: 'I32', shape: [3], data: new Int32Array([1, -2, 2147483647]) },
  precise: { dtype: 'F64', shape: [1, 2], data: new Float64Array([1 / 3, -1e300]) },
  scalar: { dtype: 'F32', shape: [], data: new Float32Array([7]) },
  empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
};

it('reads back what it wrote, bit by bit', () => {
  writeSafetensors(file, arrays, { note: 'größer', state: '{"a":"\\"$&"}' });
  const read = readSafetensors(file);
  expect(read.arrays).toEqual(arrays);
  expect(read.metadata).toMatchObject({ note: 'größer', state: '{"a":"\\"$&"}' });
});

it('writes a view of a larger buffer, not the buffer', () => {
  const data = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  writeSafetensors(file, { view: { dtype: 'F32', shape: [2], data } });
  expect(Array.from(readSafetensors(file).arrays.view.data)).toEqual([2, 3]);
});

it('writes the same bytes whatever the order of the names', () => {
  writeSafetensors(file, arrays, { b: '2', a: '1' });
  const bytes = readFileSync(file);
  writeSafetensors(file, Object.fromEntries(Object.entries(arrays).reverse()), { a: '1', b: '2' });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(Number(bytes.readBigUInt64LE()) % 8).toBe(0); // data is aligned
});

it('reads a file of the Python package, which has no checksum', () => {
  const read = readSafetensors(fixture);
  expect(read.metadata).toEqual({ note: 'größer' });
  expect(read.arrays).toEqual({
    weight: { dtype: 'F32', shape: [2, 3], data: new Float32Array([-0.5, -0.25, 0, 0.25, 0.5, 0.75]) },
    steps: { dtype: 'I32', shape: [3], data: new Int32Array([1, -2, 2147483647]) },
    precise: { dtype: 'F64', shape: [2, 1], data: new Float64Array([1 / 3, -1e300]) },
    scalar: { dtype: 'F32', shape: [], data: new Float32Array([7]) },
    empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
  });
});

it('lays its data out as the Python package does', () => {
  const { arrays: same } = readSafetensors(fixture);
  writeSafetensors(file, same);
  const dataOf = (bytes: Buffer) => bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
  expect(dataOf(readFileSync(file)).equals(dataOf(readFileSync(fixture)))).toBe(true);
});

it('refuses names and sizes that cannot be stored', () => {
  const one = { dtype: 'F32', shape: [2], data: new Float32Array(1) } as const;
  expect(() => writeSafetensors(file, { one })).toThrow('cannot store one with shape [2] and 1 numbers');
  expect(() => writeSafetensors(file, { __metadata__: { ...one, shape: [1] } })).toThrow('cannot store __metadata__');
});

describe('a damaged file', () => {
  const damage = (change: (bytes: Buffer) => Buffer) => {
    writeSafetensors(file, arrays, { state: '{"epoch":3}' });
    writeFileSync(file, change(readFileSync(file)));
    return () => readSafetensors(file);
  };
  const withHeader = (header: string, data = Buffer.alloc(8)) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(file, Buffer.concat([length, Buffer.from(header), data]));
    return () => readSafetensors(file);
  };

  it('is refused at every length shorter than the whole', () => {
    writeSafetensors(file, arrays);
    const bytes = readFileSync(file);
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(file, bytes.subarray(0, length));
      expect(() => readSafetensors(file)).toThrow(CheckpointError);
    }
  });

  it('says what is wrong and what to do', () => {
    const advice = 'The file is damaged: delete it and resume from another checkpoint, or train again';
    expect(damage((bytes) => bytes.subarray(0, 3))).toThrow(`${file}: 3 bytes are too few for a safetensors file. ${advice}`);
    expect(damage((bytes) => bytes.subarray(0, 40))).toThrow('truncated: its header ends at byte');
    expect(damage((bytes) => bytes.subarray(0, -1))).toThrow('truncated: 55 bytes of data, expected 56');
    expect(damage((bytes) => Buffer.concat([bytes, Buffer.from('x')]))).toThrow('57 bytes of data, expected 56');
    expect(damage((bytes) => bytes.fill(1, bytes.length - 1))).toThrow('its content does not match its checksum');
    expect(damage((bytes) => Buffer.from(bytes.toString('latin1').replace('epoch', 'Epoch'), 'latin1'))).toThrow(
      'does not match its checksum',
    );
  });

  it.each([
    ['[]', 'its header is not a JSON object'],
    ['{', 'its header is not a JSON object'],
    ['{"__metadata__":{"a":1}}', 'its metadata are not texts'],
    ['{"a":{"dtype":"F32","shape":[2]}}', 'a has no dtype, shape and data_offsets'],
    ['{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}', 'a has no dtype, shape and data_offsets'],
    ['{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}', 'a holds BF16, expected one of F64, F32, I32. Convert the file'],
    ['{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 'a has 8 bytes, expected 12 for F32 [3]'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 'a begins at byte 4 of the data, expected 0'],
    ['{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 'b begins at byte 4'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', '8 bytes of data, expected 4'],
  ])('with header %s', (header, message) => expect(withHeader(header)).toThrow(message));

  it('is named when it is not there', () => {
    expect(() => readSafetensors(join(folder, 'none'))).toThrow(`${join(folder, 'none')}: is not there`);
    expect(() => readSafetensors(folder)).toThrow('cannot be read (EISDIR)');
  });
});
