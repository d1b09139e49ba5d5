import { inflateSync } from 'node:zlib';
import { pngUrl } from './png';

it('writes pixels, palette and opacity as a PNG', () => {
  const file = Buffer.from(
    pngUrl(Uint8Array.from([0, 1, 2, 2, 1, 0]), 3, [
      [1, 2, 3, 0],
      [4, 5, 6, 128],
      [7, 8, 9, 255],
    ]).split(',')[1],
    'base64',
  );
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks[file.toString('latin1', at + 4, at + 8)] = file.subarray(at + 8, at + 8 + length);
    at += 12 + length;
  }
  expect([chunks.IHDR.readUInt32BE(0), chunks.IHDR.readUInt32BE(4)]).toEqual([3, 2]);
  expect([...chunks.PLTE]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...chunks.tRNS]).toEqual([0, 128, 255]);
  expect([...inflateSync(chunks.IDAT)]).toEqual([0, 0, 1, 2, 0, 2, 1, 0]); // each row after its filter
});
