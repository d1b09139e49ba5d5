import { Random } from '@tass/tensor';
import { drawNegatives } from './negatives';

it.each([
  [2, 1],
  [2, 5],
  [3, 5],
  [7, 3],
])('draws each picture once, and of another video: %d videos, %d segments', (videos, time) => {
  for (let seed = 1; seed <= 20; seed++) {
    const drawn = drawNegatives(videos, time, Random.fromSeed(seed));
    expect([...drawn].sort((a, b) => a - b)).toEqual(Array.from({ length: videos * time }, (_, i) => i));
    drawn.forEach((source, row) => expect(Math.floor(source / time)).not.toBe(Math.floor(row / time)));
  }
});

it('draws every segment of the other videos equally often', () => {
  const [videos, time, draws] = [4, 3, 3000];
  const counts = new Map<number, number>();
  for (let seed = 0; seed < draws; seed++) {
    const source = drawNegatives(videos, time, Random.fromSeed(seed))[videos * time - 2]; // of the last video
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (const count of counts.values()) expect(Math.abs(count - draws / 9)).toBeLessThan(75); // standard deviation 17
});

it('draws each segment alone: two segments of a video do not always draw of the same one', () => {
  const same = Array.from({ length: 200 }, (_, seed) => drawNegatives(5, 2, Random.fromSeed(seed))).filter(
    ([first, second]) => Math.floor(first / 2) === Math.floor(second / 2),
  );
  expect(Math.abs(same.length - 50)).toBeLessThan(25); // a quarter; standard deviation 6
});
