import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { DropoutSource, dropout } from './dropout';

beforeAll(() => engineFromEnvironment());

const x = tf.ones([50, 80]);
const drop = (seed: number, rate: number): number[] => [
  ...dropout(
    x,
    rate,
    DropoutSource.fromSeed(() => seed),
  ).dataSync(),
];

describe('dropout', () => {
  it('drops a share of the entries and keeps the mean', () => {
    const values = drop(1, 0.25);
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.03); // standard deviation .0068
    expect(new Set(values.map((value) => value.toFixed(5)))).toEqual(new Set(['0.00000', '1.33333']));
  });

  it('depends on the seed and on nothing else', () => {
    expect(drop(1, 0.5)).toEqual(drop(1, 0.5));
    expect(drop(1, 0.5)).not.toEqual(drop(2, 0.5));
  });

  it('is the identity at rate 0, and names a rate that is none', () => {
    expect(drop(1, 0)).toEqual([...x.dataSync()]);
    expect(() => drop(1, 1)).toThrow('dropout: rate is 1, expected a number in [0, 1)');
  });
});
