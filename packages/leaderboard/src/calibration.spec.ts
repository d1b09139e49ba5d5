import { calibrationError, pooledBins } from './calibration';
import { smallLeaderboard } from './fixtures/small-leaderboard';

const bins = [
  { count: 0, right: 0, confidence: 0 },
  { count: 4, right: 2, confidence: 1.6 }, // 50 % right at 40 %
  { count: 16, right: 8, confidence: 14.4 }, // 50 % right at 90 %
];

it('is the distance of accuracy and probability, by number of answers', () =>
  expect(calibrationError(bins)).toBeCloseTo((4 * 10 + 16 * 40) / 20, 10));

it('takes the bins of all runs that have some as one', () => {
  const [run] = smallLeaderboard.methods[0].runs;
  const pooled = pooledBins([
    { ...run, calibration: bins },
    { ...run, calibration: null },
    { ...run, calibration: bins },
  ]);
  expect(pooled[2]).toEqual({ count: 32, right: 16, confidence: 28.8 });
  expect(pooledBins([{ ...run, calibration: null }])).toEqual([]);
});
