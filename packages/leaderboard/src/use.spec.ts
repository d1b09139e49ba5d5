import { smallLeaderboard } from './fixtures/small-leaderboard';
import { useFigures } from './use';

it('shows what was measured of each method, with how many of its runs', () =>
  expect(useFigures(smallLeaderboard)).toMatchObject({
    headers: ['attention made uniform', 'map made uniform'],
    lines: [{ name: 'TASS (1 of 2 runs)', cells: ['−1.50 [−2.25, −0.75], p 0.001', '+0.25 [−0.50, +1.00], p 0.600'] }],
  }));

it('leaves a place where another method was measured otherwise', () => {
  const [reference, other] = smallLeaderboard.methods;
  const { 'uniform-map': map } = reference.use!.differences;
  const methods = [reference, { ...other, use: { runs: 1, differences: { 'uniform-map': map } } }];
  expect(useFigures({ methods }).lines[1]).toEqual({ name: 'theirs', cells: ['-', '+0.25 [−0.50, +1.00], p 0.600'] });
});

it('has no line where nothing was measured', () => expect(useFigures({ methods: smallLeaderboard.methods.slice(1) }).lines).toEqual([]));
