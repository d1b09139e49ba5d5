import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '../wav';
import { writeWav } from './write-wav';

let root: string;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'wav-'))));
afterAll(() => rmSync(root, { recursive: true }));

/** Ten samples of 1 to 10, of which each source takes some. */
function write(...places: readonly (readonly [from: number, samples: number, place: number])[]): number[] {
  const file = join(root, 'samples');
  writeFileSync(
    file,
    Int16Array.from({ length: 10 }, (_, at) => at + 1),
  );
  const wav = join(root, 'sound.wav');
  writeWav(wav, places.map(([from, samples, place]) => ({ file, from, samples, place })), 16000); // prettier-ignore
  return Array.from(readWav(wav).samples, (sample) => Math.round(sample * 32768));
}

it.each([
  [
    'a gap is silent',
    [
      [0, 2, 1],
      [2, 2, 5],
    ],
    [0, 1, 2, 0, 0, 3, 4],
  ],
  ['what is before time 0 is cut', [[0, 4, -2]], [3, 4]],
  [
    'of two that overlap the later is heard',
    [
      [0, 4, 0],
      [4, 4, 2],
    ],
    [1, 2, 5, 6, 7, 8],
  ],
  [
    'a later one within an earlier one ends it',
    [
      [0, 6, 0],
      [6, 2, 2],
    ],
    [1, 2, 7, 8],
  ],
  [
    'one that goes back before the last is heard from there',
    [
      [0, 2, 0],
      [2, 2, 4],
      [4, 6, 1],
    ],
    [1, 2, 0, 0, 8, 9, 10],
  ],
] as const)('%s', (_, places, heard) => {
  expect(write(...places)).toEqual(heard);
});
