import { greatestDifference } from '@tass/testing';
import * as pytorch from './fixtures/pytorch.json';
import { constant, cosine, oneCycle, stepDecay } from './schedules';

it('stepDecay equals PyTorch, by epochs', () => {
  const rate = stepDecay({ factor: 0.1, everyEpochs: 3 });
  expect(
    greatestDifference(
      pytorch.stepDecay.map((_, epoch) => rate({ epoch, step: 1000 })),
      pytorch.stepDecay,
    ),
  ).toBeLessThan(1e-12);
});

it('oneCycle equals PyTorch, by steps, and stays at its end', () => {
  const rate = oneCycle({ steps: 20 });
  expect(
    greatestDifference(
      pytorch.oneCycle.map((_, step) => rate({ epoch: 0, step })),
      pytorch.oneCycle,
    ),
  ).toBeLessThan(1e-12);
  expect(rate({ epoch: 0, step: 100 })).toBe(rate({ epoch: 0, step: 19 }));
});

it('cosine equals PyTorch, by steps, and stays at its end', () => {
  const rate = cosine({ steps: 20, warmUp: 0.2, least: 0.01 });
  expect(
    greatestDifference(
      pytorch.cosine.map((_, step) => rate({ epoch: 0, step })),
      pytorch.cosine,
    ),
  ).toBeLessThan(1e-12);
  expect(rate({ epoch: 0, step: 100 })).toBeCloseTo(0.01, 12);
  expect(cosine({ steps: 20, warmUp: 0, least: 0 })({ epoch: 0, step: 0 })).toBe(1);
  expect(cosine({ steps: 1, warmUp: 0.9, least: 0 })({ epoch: 0, step: 0 })).toBe(1);
});

it('constant is 1', () => expect(constant({ epoch: 5, step: 7 })).toBe(1));

it('refuses settings that make no schedule', () => {
  expect(() => stepDecay({ factor: 0.1, everyEpochs: 0 })).toThrow('stepDecay: everyEpochs is 0');
  expect(() => cosine({ steps: 20, warmUp: 1, least: 0 })).toThrow('cosine: warmUp is 1');
  expect(() => oneCycle({ steps: 20, warmUp: 1 })).toThrow('oneCycle: warmUp is 1');
  expect(() => oneCycle({ steps: 3 })).toThrow('oneCycle: 3 steps are too few');
});
