import { build } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { asSingles, batch, expectDropoutInTrainingAlone, sizes } from '../fixtures/small-batch';
import { network } from './cue-space';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

const settings = { audioPatches: true, dim: 8, heads: 4, experts: 3, dropout: 0 };
const small = (change: Partial<typeof settings> = {}) => build(network, { ...settings, ...change }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given: Parameters<typeof forward>[1] = batch) =>
  forward(parameters, given).logits.dataSync();

it.each([true, false])('has as many parameters as its equations, at the published size; patches of sound: %s', (audioPatches) => {
  const published = { time: 60, regions: 14, regionDim: 1024, frameDim: 768, audioDim: 768, audioPatches: 12, audioPatchDim: 768, textDim: 768, words: 77, vocabulary: 93, answers: 42 }; // prettier-ignore
  const config = { audioPatches, dim: 512, heads: 8, experts: 7, dropout: 0.1 };
  const named = namedParameters(build(network, config, published, Random.fromSeed(1)).parameters);
  const linear = (from: number, to: number): number => from * to + to;
  const [norm, attention, narrow] = [2 * 512, 4 * 512 * 512 + 3 * 512, linear(512, 256) + linear(256, 512)]; // an attention without the key's bias, which changes nothing
  const projections = 4 * linear(768, 512) + linear(1024, 512) + norm; // sound, frames, words, sentence; regions
  const layers = 2 * (2 * attention + norm + 2 * linear(512, 512) + norm);
  const reader = 2 * attention + narrow + norm;
  const experts = linear(512, 7) + 7 * narrow + 2 * norm;
  const shared = linear(1024, 2048) + linear(2048, 512);
  const slots = (2 + 2 + 3) * (attention + norm);
  const head = attention + narrow + norm + linear(512, 42);
  const ofSound = audioPatches ? linear(768, 512) + reader : 0;
  const whole = projections + layers + reader + ofSound + 3 * experts + 2 * attention + shared + slots + head;
  expect([...named.values()].reduce((sum, { size }) => sum + size, 0)).toBe(whole);
  expect(whole).toBe(audioPatches ? 31_958_079 : 29_200_191);
  tf.dispose([...named.values()]);
});

it('answers a question alone as in a batch, with patches of sound and without', () => {
  for (const audioPatches of [true, false]) {
    const built = small({ audioPatches });
    expect(greatestDifference(logitsOf(built, asSingles(batch)), logitsOf(built))).toBeLessThan(1e-5);
  }
});

it('reads patches of sound where it is said to', () => {
  const louder = { ...batch, audioPatches: tf.mul(batch.audioPatches, 2) as tf.Tensor4D };
  expect(greatestDifference(logitsOf(small(), louder), logitsOf(small()))).toBeGreaterThan(1e-4);
  const without = small({ audioPatches: false });
  expect([...logitsOf(without, { ...batch, audioPatches: undefined })]).toEqual([...logitsOf(without, louder)]);
});

it('drops something in training alone', () => expectDropoutInTrainingAlone(small({ dropout: 0.5 }), small()));

it('gives what a reader of the results must know, and names what does not fit', () => {
  expect(network.remarks!(settings)).toHaveLength(1);
  expect(network.remarks!({ ...settings, audioPatches: false })).toHaveLength(2);
  expect(network.needs({ ...settings, audioPatches: false }).audioPatches).toBe(false);
  const mistakes = network.mistakes!({ ...settings, dim: 9 }, { answer: 1 });
  expect(mistakes.map(({ path }) => path.join('.'))).toEqual(['model.heads', 'model.dim']);
  expect(() => logitsOf(small(), { ...batch, audioPatches: undefined })).toThrow('cue-space: the batch has no audioPatches, expected audio and audioPatches'); // prettier-ignore
  const other = { ...batch, audioPatches: tf.zeros([3, 4, 2, 5]) as tf.Tensor4D };
  expect(() => logitsOf(small(), other)).toThrow('cue-space: audioPatches has shape [3, 4, 2, 5], expected [videos=3, time=4, audioPatches=2, audioPatchDim=8]'); // prettier-ignore
});
