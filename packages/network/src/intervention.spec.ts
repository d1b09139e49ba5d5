import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { attentionChange } from './intervention';

beforeAll(() => engineFromEnvironment());

// videos 3, questions 2, heads 4, time 5; masses in (0, 1)
const random = Random.fromSeed(3);
const shares = tf.mul(
  tf.softmax(tf.tensor4d(random.fork('scores').normals(120), [3, 2, 4, 5])),
  tf.sigmoid(tf.tensor4d(random.fork('mass').normals(24), [3, 2, 4, 1])),
) as tf.Tensor4D;
const [uniform, swapped] = [attentionChange('uniform-attention')!, attentionChange('swapped-attention')!];
const massOf = (of: tf.Tensor4D) => tf.sum(of, -1).dataSync();

it('keeps the mass and takes equal shares, or those of the video before, on a case worked out by hand', () => {
  const given = tf.tensor4d([.1, .3, .6, .2], [2, 1, 1, 2]); // prettier-ignore
  expect(greatestDifference(uniform(given).dataSync(), [0.2, 0.2, 0.4, 0.4])).toBeLessThan(1e-6);
  // (.6, .2) of the mass .4: half of it. (.1, .3) of the mass .8: twice as much.
  expect(greatestDifference(swapped(given).dataSync(), [0.3, 0.1, 0.2, 0.6])).toBeLessThan(1e-6);
});

it.each([
  ['uniform', uniform],
  ['swapped', swapped],
] as const)('keeps the mass of every head: %s', (_, change) => {
  expect(greatestDifference(massOf(change(shares)), massOf(shares))).toBeLessThan(1e-6);
  expect(greatestDifference(change(shares).dataSync(), shares.dataSync())).toBeGreaterThan(0.05);
});

it('changes nothing twice', () => expect(greatestDifference(uniform(uniform(shares)).dataSync(), uniform(shares).dataSync())).toBeLessThan(1e-7)); // prettier-ignore

it('has no other video to take shares from where there is one', () => {
  const alone = tf.slice(shares, 0, 1);
  expect(greatestDifference(swapped(alone).dataSync(), alone.dataSync())).toBeLessThan(1e-7);
});

it('stays finite for a head without mass', () => {
  const empty = tf.concat([tf.zeros([1, 2, 4, 5]), tf.slice(shares, 1, 1)], 0) as tf.Tensor4D;
  expect([...swapped(empty).dataSync()].every(Number.isFinite)).toBe(true);
});

it('leaves shares as they are where another part is changed, or none', () =>
  expect([attentionChange('uniform-map'), attentionChange(undefined)]).toEqual([undefined, undefined]));
