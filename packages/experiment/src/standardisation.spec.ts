import { standardisationOf, standardise } from './standardisation';

it('brings each channel of the rows it was taken from to mean 0 and deviation 1', () => {
  const rows = Float32Array.of(1, 10, 5, 3, 10, 7); // three rows of two channels: 1 5 10 and 10 3 7
  const figures = standardisationOf(rows, 2);
  expect([...figures.mean]).toEqual([16 / 3, 20 / 3].map((mean) => expect.closeTo(mean, 6)));
  standardise(rows, figures);
  for (const channel of [0, 1]) {
    const values = [...rows].filter((_, i) => i % 2 === channel);
    expect(values.reduce((sum, value) => sum + value)).toBeCloseTo(0, 5);
    expect(values.reduce((sum, value) => sum + value ** 2, 0) / 3).toBeCloseTo(1, 5);
  }
});

it('takes other rows by the same figures, and leaves a channel that never varies near 0', () => {
  const figures = standardisationOf(Float32Array.of(2, 8, 4, 8), 2);
  expect([...standardise(Float32Array.of(5, 8), figures)]).toEqual([2, 0]);
});
