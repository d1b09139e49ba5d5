import { question } from './fixtures/questions';
import { useOfRuns } from './use';

const questions = [1, 2, 3, 4].map((id) => question(id, `video ${id}`));
const options = { resamples: 500, seed: 1 };
const marks = (...right: number[]): Uint8Array => Uint8Array.from(right);

it('pairs each run with itself, on a case worked out by hand', () => {
  // Of 4: 3 right, 2 without; 2 right, 2 without. Points: -25 and 0, the mean -12.5; the first lost one question, the second lost one and won one.
  const runs = [
    { seed: 1, right: marks(1, 1, 1, 0), without: { 'uniform-map': marks(1, 1, 0, 0) } },
    { seed: 2, right: marks(1, 1, 0, 0), without: { 'uniform-map': marks(1, 0, 1, 0) } },
  ];
  const { 'uniform-map': map } = useOfRuns(runs, questions, options);
  expect(map).toMatchObject({ difference: -12.5, pairs: [-25, 0], mcnemar: [1, 1] });
  expect(map.low).toBeLessThan(-12.5);
  expect(map.high).toBeGreaterThanOrEqual(0);
});

it('leaves out what was not done to every run', () => {
  const [right, other] = [marks(1, 1, 1, 0), marks(1, 1, 0, 0)];
  const both = { 'uniform-map': other, 'uniform-attention': other };
  const runs = [{ seed: 1, right, without: both }, { seed: 2, right, without: { 'uniform-map': other } }]; // prettier-ignore
  expect(Object.keys(useOfRuns(runs, questions, options))).toEqual(['uniform-map']);
  expect(useOfRuns([], questions, options)).toEqual({});
});
