import { linearScale } from './scale';

it('maps both ends and marks round values', () => {
  const { at, ticks } = linearScale([46.2, 54.9], [10, 110], 4);
  expect([at(46.2), at(50.55), at(54.9)]).toEqual([10, 60, 110]);
  expect(ticks).toEqual([48, 50, 52, 54]);
  expect(linearScale([-0.31, 0.12], [0, 1], 5).ticks).toEqual([-0.3, -0.2, -0.1, 0, 0.1]);
});

it('turns around for a vertical axis, and gives a single value room', () => {
  expect(linearScale([0, 10], [100, 0], 3).at(2)).toBe(80);
  const { at, ticks } = linearScale([50, 50], [0, 100], 3);
  expect([at(50), ticks]).toEqual([50, [49, 50, 51]]);
});
