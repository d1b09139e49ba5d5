import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { greatestDifference, wavBytes } from '@tass/testing';
import { makeVideo, needsFfmpeg, whenFfmpeg } from './fixtures/videos';
import { parseWav, readWav, type Sound } from './wav';

it('reads samples as parts of full scale, at the rate of the file', () => {
  const { sampleRate, samples } = parseWav(wavBytes([0, 16384, -32768, 32767], { sampleRate: 8000 }), 'a.wav');
  expect(sampleRate).toBe(8000);
  expect([...samples]).toEqual([0, 0.5, -1, Math.fround(32767 / 32768)]);
});

it('doubts channels that cancel each other out, and no others', () => {
  const doubtOf = (right: number, second = right) => parseWav(wavBytes([8192, right, 4096, second / 2], { channels: 2 }), 'a.wav').doubt;
  expect(doubtOf(-8192)).toBe(
    'its channels cancel each other out: the loudest has -14 dB, their mean -Infinity dB. Keep one channel of it',
  );
  expect(doubtOf(-8191)).toMatch(/their mean -9\d dB/);
  expect([doubtOf(8192), doubtOf(0), doubtOf(-7000)]).toEqual([undefined, undefined, undefined]);
  expect(parseWav(wavBytes([0, 0, 0, 0], { channels: 2 }), 'a.wav').doubt).toBeUndefined(); // silence cancels nothing
});

it('takes the mean of two channels', () => {
  expect([...parseWav(wavBytes([8192, 16384, -8192, 8192], { channels: 2 }), 'a.wav').samples]).toEqual([0.375, 0]);
});

it('passes over chunks it does not know, of odd length too', () => {
  const plain = wavBytes([16384]);
  const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  expect([...parseWav(Buffer.concat([plain.subarray(0, 12), list, plain.subarray(12)]), 'a.wav').samples]).toEqual([0.5]);
});

/** A wav whose header gives other lengths. */
const withLengths = (riff: number, data: number, values = [16384, -16384]) => {
  const bytes = wavBytes(values);
  bytes.writeUInt32LE(riff, 4);
  bytes.writeUInt32LE(data, 40);
  return bytes;
};

it.each([
  ['by ffmpeg', 0xffffffff, 0xffffffff],
  ['by SoX', 0x7ffff024, 0x7ffff000],
  ['by arecord', 0x80000024, 0x80000000],
  ['and not finished', 36, 0],
  ['without lengths', 0, 0],
])('reads what was written to a pipe %s, whose length was not known', (_, riff, data) => {
  expect([...parseWav(withLengths(riff, data), 'a.wav').samples]).toEqual([0.5, -0.5]);
});

/** A wav of one channel with these bytes as data, after chunks of its own. */
const wavOf = (coding: number, bits: number, data: Uint8Array, ...chunks: Buffer[]) => {
  const header = wavBytes([], { coding, bits });
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header.subarray(0, 12), ...chunks, header.subarray(12), data]);
};

it.each([
  ['8 bits', wavOf(1, 8, Buffer.from([0, 128, 192])), [-1, 0, 0.5]],
  ['24 bits', wavOf(1, 24, Buffer.from([0, 0, 0x80, 0, 0, 0x40, 1, 0, 0])), [-1, 0.5, 2 ** -23]],
  ['32 bits', wavOf(1, 32, new Uint8Array(Int32Array.from([-(2 ** 31), 2 ** 30]).buffer)), [-1, 0.5]],
  ['float of 32 bits', wavOf(3, 32, new Uint8Array(Float32Array.from([-1.5, 0.25]).buffer)), [-1.5, 0.25]],
  ['float of 64 bits', wavOf(3, 64, new Uint8Array(Float64Array.from([-1, 0.125]).buffer)), [-1, 0.125]],
  ['16 bits with a BWF chunk', wavOf(1, 16, Buffer.from([0, 0x40]), Buffer.from('bext\x03\0\0\0abc\0', 'latin1')), [0.5]],
])('reads %s', (_, bytes, expected) => {
  expect([...parseWav(bytes, 'a.wav').samples]).toEqual(expected);
});

it.each([
  ['is not a wav file', Buffer.from('ID3 something else')],
  ['is cut off: its data should have 8 bytes and has 5', wavBytes([1, 2, 3, 4]).subarray(0, -3)],
  ['is cut off or broken: it has no data', wavBytes([1]).subarray(0, 36)],
  ['has format 3 (float) with 16 bits, 1 channels, 16000 Hz', wavBytes([1], { coding: 3 })],
  ['has format 1 (PCM) with 12 bits', wavBytes([1], { bits: 12 })],
  ['has format 7 (mu-law) with 8 bits', wavOf(7, 8, Buffer.from([1]))],
  ['has format 1 (PCM) with 16 bits, 0 channels', wavBytes([1], { channels: 0 })],
  ['is empty', Buffer.alloc(0)],
  ['is not a wav file: it begins with "fLaC"', Buffer.from('fLaC and so on, of a FLAC')],
  ['is a big-endian wav file (RIFX)', Buffer.concat([Buffer.from('RIFX'), wavBytes([1]).subarray(4)])],
  ['holds no sample', wavBytes([])],
  ['holds several wav files', Buffer.concat([wavBytes([1]), wavBytes([2])])],
  ['holds 12000 as sample 1, expected numbers from -1 to 1', wavOf(3, 32, new Uint8Array(Float32Array.from([1, 12000]).buffer))],
  ['holds NaN as sample 0', wavOf(3, 32, new Uint8Array(Float32Array.from([NaN]).buffer))],
])('says that a file %s', (problem, bytes) => {
  expect(() => parseWav(bytes, 'sound/a.wav')).toThrow(`sound sound/a.wav ${problem}`);
});

it('names a file that is not there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wav-'));
  expect(() => readWav(join(folder, 'none.wav'))).toThrow(`sound ${join(folder, 'none.wav')} is not there`);
  writeFileSync(join(folder, 'one.wav'), wavBytes([16384]));
  expect([...readWav(join(folder, 'one.wav')).samples]).toEqual([0.5]);
  rmSync(folder, { recursive: true });
});

it('names what is there in its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wav-'));
  for (const name of ['a.mp3', 'b.mp4.wav', 'c.WAV']) writeFileSync(join(folder, name), '');
  symlinkSync('/nowhere/d.wav', join(folder, 'd.wav'));
  const reading = (name: string) => expect(() => readWav(join(folder, name)));
  reading('a.wav').toThrow('is not there, but a.mp3 is. Make a wav of it, e.g. ffmpeg -i a.mp3 -ac 1 -ar 16000 a.wav');
  mkdirSync(join(folder, 'audio-48000'));
  writeFileSync(join(folder, 'audio-48000/a.mp3'), '');
  reading('audio-48000/a.wav').toThrow('ffmpeg -i a.mp3 -ac 1 -ar 48000 a.wav');
  reading('b.wav').toThrow('is not there, but b.mp4.wav is. Rename it');
  reading('c.wav').toThrow('is not there, but c.WAV is. Rename it');
  reading('d.wav').toThrow('is a link to /nowhere/d.wav, which is not there');
  rmSync(folder, { recursive: true });
});

whenFfmpeg(`what ffmpeg writes${needsFfmpeg}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'wav-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (...words: string[]): Sound => {
    const file = join(folder, 'a.wav');
    makeVideo('-f', 'lavfi', '-i', 'sine=d=0.05:r=16000', ...words, file);
    return readWav(file);
  };

  it.each([
    ['s16', [], 0],
    ['s24', ['-c:a', 'pcm_s24le'], 0], // WAVE_FORMAT_EXTENSIBLE
    ['f32', ['-c:a', 'pcm_f32le'], 0],
    ['u8', ['-c:a', 'pcm_u8'], 2 ** -7],
    ['RF64', ['-rf64', 'always'], 0],
    ['BWF', ['-write_bext', '1', '-metadata', 'description=a sound'], 0],
    ['to a pipe', ['-seekable', '0'], 0],
  ])('is the same sound as %s', (_, words, tolerance) => {
    const plain = written();
    const { sampleRate, samples } = written(...words);
    expect([sampleRate, samples.length]).toEqual([16000, 800]);
    expect(greatestDifference(samples, plain.samples)).toBeLessThanOrEqual(tolerance);
  });
});
