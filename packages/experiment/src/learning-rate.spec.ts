import type { Experiment } from './schema';
import { scheduleOf } from './learning-rate';

const of = (schedule: Experiment['optimizer']['schedule']) => scheduleOf({ optimizer: { schedule } } as Experiment, 40);

it('makes the schedule that the experiment names', () => {
  expect(of({ kind: 'constant' })({ epoch: 7, step: 39 })).toBe(1);
  const step = of({ kind: 'step', factor: 0.5, everyEpochs: 3 });
  expect([0, 2, 3, 6].map((epoch) => step({ epoch, step: 0 }))).toEqual([1, 1, 0.5, 0.25]);
  const cosine = of({ kind: 'cosine', warmUp: 0.1, least: 0.01 });
  expect([0, 3, 4].map((step) => cosine({ epoch: 0, step }))).toEqual([0.25, 1, 1]); // four steps of warm-up
  expect(cosine({ epoch: 0, step: 22 })).toBeCloseTo(0.505);
  const cycle = of({ kind: 'one-cycle', warmUp: 0.25 });
  expect(cycle({ epoch: 0, step: 0 })).toBeCloseTo(1 / 25);
  expect(cycle({ epoch: 0, step: 9 })).toBeCloseTo(1); // a quarter of the 40 steps
  expect(cycle({ epoch: 0, step: 39 })).toBeLessThan(1e-5);
});

it('refuses a warm-up that the steps have no room for', () => {
  expect(() => of({ kind: 'one-cycle', warmUp: 0.02 })).toThrow(
    'oneCycle: 40 steps are too few for a warm-up of 0.02 of them, expected at least 51',
  );
});
