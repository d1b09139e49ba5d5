import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWav, readWav } from './wav';
import { wavBytes } from '@tass/testing';

it('reads samples as parts of full scale, at the rate of the file', () => {
  const { sampleRate, samples } = parseWav(wavBytes([0, 16384, -32768, 32767], { sampleRate: 8000 }), 'a.wav');
  expect(sampleRate).toBe(8000);
  expect([...samples]).toEqual([0, 0.5, -1, Math.fround(32767 / 32768)]);
});

it('takes the mean of two channels', () => {
  expect([...parseWav(wavBytes([8192, 16384, -8192, 8192], { channels: 2 }), 'a.wav').samples]).toEqual([0.375, 0]);
});

it('passes over chunks it does not know, of odd length too', () => {
  const plain = wavBytes([16384]);
  const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  expect([...parseWav(Buffer.concat([plain.subarray(0, 12), list, plain.subarray(12)]), 'a.wav').samples]).toEqual([0.5]);
});

it('reads what was written to a pipe, whose length was not known', () => {
  const piped = wavBytes([16384, -16384]);
  piped.writeUInt32LE(0xffffffff, 40);
  expect([...parseWav(piped, 'a.wav').samples]).toEqual([0.5, -0.5]);
});

it.each([
  ['is not a wav file', Buffer.from('ID3 something else')],
  ['is cut off: its data should have 8 bytes and has 5', wavBytes([1, 2, 3, 4]).subarray(0, -3)],
  ['is cut off: it has no data', wavBytes([1]).subarray(0, 36)],
  ['has format 3 with 16 bits', wavBytes([1], { coding: 3 })],
  ['has format 1 with 24 bits', wavBytes([1], { bits: 24 })],
])('says that a file %s', (problem, bytes) => {
  expect(() => parseWav(bytes, 'sound/a.wav')).toThrow(`encoders: sound sound/a.wav ${problem}`);
});

it('names a file that is not there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wav-'));
  expect(() => readWav(join(folder, 'none.wav'))).toThrow(`encoders: sound ${join(folder, 'none.wav')} is not there`);
  writeFileSync(join(folder, 'one.wav'), wavBytes([16384]));
  expect([...readWav(join(folder, 'one.wav')).samples]).toEqual([0.5]);
  rmSync(folder, { recursive: true });
});
