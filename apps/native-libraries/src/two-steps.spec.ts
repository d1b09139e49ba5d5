import { disposeEngine, useEngine } from '@tass/tensor';
import { greatestTraceDifference, trainTwoSteps } from './two-steps';

afterAll(() => disposeEngine());

it('learns, and to the same values on wasm as on cpu', async () => {
  await useEngine({ backend: 'cpu' });
  const onCpu = trainTwoSteps();
  await useEngine({ backend: 'wasm', threads: 1 });
  expect(onCpu.losses[1]).toBeLessThan(onCpu.losses[0]);
  expect(greatestTraceDifference(onCpu, trainTwoSteps())).toBeLessThan(1e-5);
});

it('finds the parameter that differs', () => {
  const trace = { losses: [2, 1], parameters: [Float32Array.of(1, 2), Float32Array.of(3)], milliseconds: 1 };
  expect(greatestTraceDifference(trace, { ...trace, milliseconds: 9 })).toBe(0);
  expect(greatestTraceDifference(trace, { ...trace, parameters: [trace.parameters[0], Float32Array.of(3.5)] })).toBe(0.5);
  expect(greatestTraceDifference(trace, { ...trace, losses: [2, NaN] })).toBeNaN();
});
