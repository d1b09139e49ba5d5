import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { initialValues } from './initial-values';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(4);
const largest = (x: tf.Tensor): number => tf.max(tf.abs(x)).dataSync()[0];

/** Of thousands of uniform numbers the largest comes near the limit. */
function expectLimit(x: tf.Tensor, limit: number): void {
  expect(largest(x)).toBeLessThanOrEqual(limit);
  expect(largest(x)).toBeGreaterThan(0.97 * limit);
}

it('draws attention as one Xavier matrix, and biases of 0', () => {
  const { query, key, value, output } = initialValues.attention({ dim: 64, heads: 4 }, random);
  for (const { weight } of [query, key, value]) expectLimit(weight, Math.sqrt(6 / 256));
  expectLimit(output.weight, 1 / 8);
  for (const { bias } of [query, value, output]) expect(largest(bias)).toBe(0);
  expect(() => initialValues.attention({ dim: 64, heads: 3 }, random)).toThrow('heads is 3, expected a divisor of dim 64');
});

it('draws of attention alone what its weights need, the same', () => {
  const [whole, weights] = [initialValues.attention({ dim: 8, heads: 2 }, random), initialValues.attentionWeights({ dim: 8, heads: 2 }, random)]; // prettier-ignore
  expect(Object.keys(weights)).toEqual(['query', 'key']);
  expect([...weights.key.weight.dataSync()]).toEqual([...whole.key.weight.dataSync()]);
});

it('draws normal numbers of deviation sqrt(2 / from)', () => {
  const { weight, bias } = initialValues.kaiming({ from: 50, to: 100 }, random);
  expect(Math.abs(Math.sqrt(tf.mean(tf.square(weight)).dataSync()[0]) - 0.2)).toBeLessThan(0.01);
  expect(largest(weight)).toBeGreaterThan(0.5);
  expect(largest(bias)).toBe(0);
});

it('adds two biases of an LSTM, so that many are beyond the limit of one', () => {
  const { input, bias } = initialValues.lstm({ from: 5, hidden: 100 }, random);
  expectLimit(input, 0.1);
  expect(largest(bias)).toBeGreaterThan(0.15);
  expect(largest(bias)).toBeLessThanOrEqual(0.2);
  const deviation = Math.sqrt(tf.mean(tf.square(bias)).dataSync()[0]);
  expect(Math.abs(deviation - 0.1 * Math.sqrt(2 / 3))).toBeLessThan(0.01); // of the sum of two uniform numbers
});

it('draws a map of two inputs and the first layer of the match head within the limit of both widths together', () => {
  const { first, second } = initialValues.linearOfTwo({ from: 50, to: 60 }, random);
  for (const weight of [first.weight, second.weight]) expectLimit(weight, 0.1);
  const { audio, visual } = initialValues.matchHead({ dim: 8 }, random);
  for (const weight of [audio.weight, visual.weight]) expectLimit(weight, 1 / 4);
});

it('leaves no tensor behind but its parameters', () => {
  const before = tf.memory().numTensors;
  initialValues.matchHead({ dim: 8 }, random);
  initialValues.lstm({ from: 5, hidden: 6 }, random);
  expect(tf.memory().numTensors).toBe(before + 9 + 3);
});
