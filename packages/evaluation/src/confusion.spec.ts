import { confusionOf } from './confusion';

it('counts pairs of right and given answer over runs, the most frequent first', () => {
  const runs = [Uint8Array.of(3, 3, 41, 0), Uint8Array.of(3, 0, 41, 7)];
  expect(confusionOf(runs, [3, 0, 3, 0])).toEqual([
    [0, 0, 2],
    [3, 3, 2],
    [3, 41, 2],
    [0, 3, 1],
    [0, 7, 1],
  ]);
});
