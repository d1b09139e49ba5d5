import { encodeWav, wavLength } from './wav';

describe('encodeWav', () => {
  const samples = Int16Array.of(0, 1, -1, 32767, -32768);
  const file = encodeWav(samples, 16000);

  it('writes the header of a mono 16-bit PCM file', () => {
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.toString('latin1', 8, 16)).toBe('WAVEfmt ');
    expect([file.readUInt32LE(16), file.readUInt16LE(20), file.readUInt16LE(22)]).toEqual([16, 1, 1]);
    expect([file.readUInt32LE(24), file.readUInt32LE(28)]).toEqual([16000, 32000]);
    expect([file.readUInt16LE(32), file.readUInt16LE(34)]).toEqual([2, 16]);
    expect(file.toString('latin1', 36, 40)).toBe('data');
    expect(file.readUInt32LE(40)).toBe(10);
    expect(file).toHaveLength(wavLength(5));
  });

  it('writes the samples', () => {
    expect([0, 1, 2, 3, 4].map((index) => file.readInt16LE(44 + 2 * index))).toEqual([...samples]);
  });
});
