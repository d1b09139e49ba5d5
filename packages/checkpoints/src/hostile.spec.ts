import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowed, refusals } from '@tass/testing';
import { readCheckpoint } from './checkpoint';
import { readSafetensors, writeSafetensors } from './safetensors';

const folder = mkdtempSync(join(tmpdir(), 'tass-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A safetensors file of this header and so many bytes of data. */
function written(name: string, header: string | Buffer, bytes: number): string {
  const file = join(folder, name);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(file, Buffer.concat([length, Buffer.from(header)]));
  truncateSync(file, 8 + header.length + bytes);
  return file;
}

const array = (begin: number): string => `{"dtype":"F32","shape":[1],"data_offsets":[${begin},${begin + 4}]}`;

it('refuses a name that is listed twice, of which JSON.parse takes the last', () => {
  const file = written('twice', `{"a":${array(0)},"b":${array(0)},"b":${array(4)}}`, 8);
  expect(() => readSafetensors(file)).toThrow(/twice.*its header lists b twice/);
  expect(Object.keys(readSafetensors(written('once', `{"a":${array(0)},"b":${array(4)}}`, 8)).arrays)).toEqual(['a', 'b']);
});

it.each(['no JSON', '[1]', '7', '"text"', '{"a":'])('refuses a checkpoint with the state %s, and names the file', (state) => {
  const file = join(folder, 'state');
  writeSafetensors(file, { a: { dtype: 'F32', shape: [1], data: new Float32Array(1) } }, { format: 'tass', state });
  expect(() => readCheckpoint(file)).toThrow(new RegExp(`${file}.*its state is not a map of keys`));
});

it('refuses what would take memory before it takes it', () => {
  const large = written('large', '[]', 0);
  truncateSync(large, 2 ** 40);
  const cases = {
    header: [written('header', Buffer.alloc(150_000_000, '['), 0), 'its header has 150000000 bytes, expected at most'],
    brackets: [written('brackets', Buffer.alloc(10_000_000, '['), 0), 'its header is not a JSON object'],
    data: [written('data', `{"a":${array(0)}}`, 1_900_000_000), '1900000000 bytes of data, expected 4'],
    large: [large, 'its header is not a JSON object'],
    whole: [
      written('whole', '{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}', 4_000_000_000),
      'has more than 2 GiB',
    ],
  } as const;
  const work = Object.entries(cases).map(([name, [file]]) => [name, `it.readSafetensors(${JSON.stringify(file)})`]);
  const found = Object.entries(refusals(join(__dirname, 'safetensors.ts'), Object.fromEntries(work) as Record<keyof typeof cases, string>));
  expect(found.map(([name, { message }]) => [name, message])).toEqual(
    Object.entries(cases).map(([name, [file, expected]]) => [name, expect.stringMatching(new RegExp(`${file}.*${expected}`))]),
  );
  expect(found.filter(([, { seconds, megabytes }]) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual([]);
});
