import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import { compareMethods, holm, mcnemar, scoreColumns } from './index';
import { question } from './fixtures/questions';

interface Interval {
  low: number;
  high: number;
  error: number; // standard error of the resampled values
}
interface Resampling {
  videoOf: number[];
  types: number[];
  seeds: number;
  runs: string[]; // [methods * seeds], a digit a question
  expected: Record<
    string,
    {
      figures: (Interval & { mean: number; deviation: number })[];
      difference: Interval & { difference: number; p: number; mcnemar: number[] };
    }
  >;
}
/** Written by tools/parity/evaluation_statistics.py with SciPy, statsmodels and NumPy. */
const fixture = JSON.parse(readFileSync(join(__dirname, 'fixtures/statistics.json'), 'utf8')) as {
  mcnemar: { onlyFirst: number; onlySecond: number; p: number }[];
  holm: { p: number[]; adjusted: number[] }[];
  resampling: Resampling[];
};

it("has statsmodels' exact McNemar", () => {
  for (const { onlyFirst, onlySecond, p } of fixture.mcnemar) {
    expect(Math.abs(mcnemar(onlyFirst, onlySecond) - p)).toBeLessThan(1e-9 * p + 1e-300);
  }
  expect(fixture.mcnemar.length).toBeGreaterThan(30);
});

it("has statsmodels' Holm", () => {
  for (const { p, adjusted } of fixture.holm) holm(p).forEach((one, at) => expect(one).toBeCloseTo(adjusted[at], 12));
  expect(fixture.holm.some(({ p }) => p.length > 100)).toBe(true);
});

describe.each(fixture.resampling.map((one, index) => [index + 1, one] as const))(
  'bootstrap of videos, case %i',
  (_, { videoOf, types, seeds, runs, expected }) => {
    const questions = videoOf.map((video, id) => question(id, `v${video}`, types[id]));
    const marked = runs.map((digits, at) => ({ seed: (at % seeds) + 1, right: Uint8Array.from(digits, Number) }));
    const methods = [0, 1].map((method) => ({ id: String(method), runs: marked.slice(method * seeds, (method + 1) * seeds) }));
    const options = { resamples: 8000, seed: 5 };
    const statistics = compareMethods(methods, '0', questions, scoreColumns(questions, { train: [] }), options);

    it.each(Object.keys(expected))(
      "column %s: NumPy's means and deviations, SciPy's intervals and p within what resampling leaves open",
      (key) => {
        const id = key === 'All' ? key : QUESTION_TYPES[Number(key)].short;
        const { figures, difference } = expected[key];
        // The quantiles of 20,000 and 8,000 draws differ by about 0.035 standard errors; p by sqrt(2 p / 8,000) and less.
        const near = (ours: { low: number; high: number }, theirs: Interval) => {
          expect(Math.abs(ours.low - theirs.low)).toBeLessThan(0.13 * theirs.error + 1e-9);
          expect(Math.abs(ours.high - theirs.high)).toBeLessThan(0.13 * theirs.error + 1e-9);
        };
        figures.forEach((figure, method) => {
          const ours = statistics[method].figures[id];
          expect(ours.mean).toBeCloseTo(figure.mean, 9);
          expect(ours.deviation).toBeCloseTo(figure.deviation, 9);
          near(ours, figure);
        });
        const ours = statistics[1].against?.[id];
        if (ours === undefined) throw new Error(`no difference in ${id}`);
        expect(ours.difference).toBeCloseTo(difference.difference, 9);
        near(ours, difference);
        expect(Math.abs(ours.p - difference.p)).toBeLessThan(5 * Math.sqrt((2 * Math.max(difference.p, 1e-3)) / options.resamples));
        ours.mcnemar.forEach((p, seed) => expect(p).toBeCloseTo(difference.mcnemar[seed], 9));
      },
    );
  },
);
