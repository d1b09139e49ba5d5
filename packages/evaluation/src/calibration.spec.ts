import { calibrationOf } from './calibration';

it('bins answers by their probability, a boundary in the upper bin and 1 in the last', () => {
  const bins = calibrationOf([0.25, 0.29, 0.3, 1], [1, 0, 1, 1]);
  expect(bins.map(({ count }) => count)).toEqual([0, 0, 2, 1, 0, 0, 0, 0, 0, 1]);
  expect(bins[2]).toEqual({ count: 2, right: 1, confidence: 0.54 });
  expect(bins[9]).toEqual({ count: 1, right: 1, confidence: 1 });
});
