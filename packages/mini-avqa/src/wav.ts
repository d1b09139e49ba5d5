const headerBytes = 44;

/** The bytes that a mono 16-bit wav file of this many samples has. */
export const wavLength = (samples: number): number => headerBytes + 2 * samples;

/** A wav file (RIFF, PCM, mono, 16 bit, little endian) of 16-bit samples. */
export function encodeWav(samples: Int16Array, sampleRate: number): Buffer {
  const file = Buffer.alloc(wavLength(samples.length));
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16); // bytes of the format block
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28); // bytes a second
  file.writeUInt16LE(2, 32); // bytes of a sample of all channels
  file.writeUInt16LE(16, 34); // bits of a sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  new Int16Array(file.buffer, file.byteOffset + headerBytes, samples.length).set(samples); // of this machine, which is little endian
  return file;
}
