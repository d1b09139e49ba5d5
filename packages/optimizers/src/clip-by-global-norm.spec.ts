import { engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { clipByGlobalNorm } from './clip-by-global-norm';
import * as pytorch from './fixtures/pytorch.json';

beforeAll(() => engineFromEnvironment());

it('scales gradients of norm 5 to norm 1, and tells the norm before', () => {
  const { gradients, norm } = clipByGlobalNorm(
    new Map<string, tf.Tensor>([
      ['a', tf.tensor1d([3, 0])],
      ['b', tf.scalar(-4)],
    ]),
    1,
  );
  expect(norm.dataSync()[0]).toBeCloseTo(5, 6);
  expect(greatestDifference(gradients.get('a')!.dataSync(), [0.6, 0])).toBeLessThan(1e-6);
  expect(gradients.get('b')!.dataSync()[0]).toBeCloseTo(-0.8, 6);
});

it('leaves smaller gradients as they are', () => {
  expect(
    clipByGlobalNorm(new Map([['a', tf.tensor1d([3, 4])]]), 6)
      .gradients.get('a')!
      .dataSync(),
  ).toEqual(new Float32Array([3, 4]));
});

it('equals PyTorch', () => {
  type Name = keyof typeof pytorch.shapes;
  const last = pytorch.steps[pytorch.steps.length - 1].gradients;
  const names = Object.keys(last) as Name[];
  const { gradients, norm } = clipByGlobalNorm(
    new Map(names.map((name) => [name, tf.tensor(last[name], pytorch.shapes[name])])),
    pytorch.clip.greatest,
  );
  expect(norm.dataSync()[0]).toBeCloseTo(pytorch.clip.norm, 4);
  for (const name of names) expect(greatestDifference(gradients.get(name)!.dataSync(), pytorch.clip.gradients[name])).toBeLessThan(1e-6);
});

it('passes on that a gradient is not finite', () => {
  expect(clipByGlobalNorm(new Map([['a', tf.tensor1d([NaN, 1])]]), 1).norm.dataSync()[0]).toBeNaN();
});

it('leaves only its results', () => {
  const given = new Map([['a', tf.tensor1d([3, 4])]]);
  const before = tf.memory().numTensors;
  clipByGlobalNorm(given, 1);
  expect(tf.memory().numTensors).toBe(before + 2);
});

it('refuses a limit that is not positive', () => {
  expect(() => clipByGlobalNorm(new Map(), 0)).toThrow('clipByGlobalNorm: greatest norm is 0');
});
