import { costFigures } from './cost';
import { smallLeaderboard } from './fixtures/small-leaderboard';

const [method] = smallLeaderboard.methods;
const withCosts = (...costs: (typeof method.runs)[number]['cost'][]) => ({
  methods: [{ ...method, runs: costs.map((cost) => ({ ...method.runs[0], cost })) }],
});

it('gives means over seeds, and one figure where all are equal', () => {
  const costs = [60, 120].map((trainingSeconds) => ({ parameters: 7_916_716, trainingSeconds, peakMegabytes: 700 }));
  expect(costFigures(withCosts(...costs)).lines).toEqual([{ name: 'TASS', cells: ['7,916,716', '1.5 ± 0.7 min', '700 MiB'] }]);
});

it('says minutes and hours, and what is not known', () => {
  const cost = { parameters: null, trainingSeconds: 600, peakMegabytes: null };
  expect(costFigures(withCosts(cost)).lines[0].cells).toEqual(['-', '10.0 min', '-']);
  expect(costFigures(withCosts({ ...cost, trainingSeconds: 7200 })).lines[0].cells).toEqual(['-', '2.0 h', '-']);
  expect(costFigures(withCosts({ ...cost, trainingSeconds: null })).lines).toEqual([]);
});
