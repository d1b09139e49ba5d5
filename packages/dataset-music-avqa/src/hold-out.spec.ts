import { join } from 'node:path';
import { type Question, holdOut, readAnnotations } from './index';

const [example] = readAnnotations(join(__dirname, '../fixtures/avqa-val.json')).questions;
// 20 videos with 1, 2, 3, 1, 2, 3, ... questions
const questions: Question[] = Array.from({ length: 20 }, (_, video) =>
  Array.from({ length: 1 + (video % 3) }, (_, at) => ({ ...example, id: 10 * video + at, videoId: `v${video}` })),
).flat();
const videosOf = (list: readonly Question[]): Set<string> => new Set(list.map(({ videoId }) => videoId));

it('holds out a share of the videos, whole, and keeps the order', () => {
  const { kept, heldOut } = holdOut(questions, { share: 0.25, seed: 1 });
  expect(videosOf(heldOut).size).toBe(5);
  expect(videosOf(kept).size).toBe(15);
  expect([...kept, ...heldOut].sort((a, b) => a.id - b.id)).toEqual(questions);
  expect(kept.map(({ id }) => id)).toEqual(kept.map(({ id }) => id).sort((a, b) => a - b));
});

it('depends on the seed and not on the order of the questions', () => {
  const chosen = (seed: number, list: readonly Question[] = questions): string[] =>
    [...videosOf(holdOut(list, { share: 0.25, seed }).heldOut)].sort();
  expect(chosen(1)).toEqual(chosen(1, [...questions].reverse()));
  expect(chosen(1)).not.toEqual(chosen(2));
});

it.each([0, 0.02, 0.98, 1, -1, NaN])('refuses a share of %d that leaves a side empty', (share) => {
  expect(() => holdOut(questions, { share, seed: 1 })).toThrow(/holdOut: a share of .* expected at least 1 on either side/);
});
