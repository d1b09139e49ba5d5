import { addStep, means, noSteps } from './epoch-sums';

it('means are those of the steps added', () => {
  const sums = [{ total: 3, answer: 1 }, { total: 1, answer: 2 }, { total: 2, answer: 6 }].reduce(addStep, noSteps); // prettier-ignore
  expect(sums).toEqual({ steps: 3, sums: { total: 6, answer: 9 } });
  expect(means(sums)).toEqual({ total: 2, answer: 3 });
});

it('go through a checkpoint without a change of one bit', () => {
  const values = [0.1, 1 / 3, 2e-7, 4.000000001];
  const add = (sums: typeof noSteps, value: number) => addStep(sums, { total: value });
  const restored = JSON.parse(JSON.stringify(values.slice(0, 2).reduce(add, noSteps))) as typeof noSteps;
  expect(means(values.slice(2).reduce(add, restored)).total).toBe(means(values.reduce(add, noSteps)).total);
});

it('leave those they were added to as they were', () => {
  addStep(noSteps, { total: 1 });
  expect(noSteps).toEqual({ steps: 0, sums: {} });
});
