import { Random, tf, useEngine } from '@tass/tensor';
import { z } from 'zod';
import type { NetworkBatch } from './batch';
import { build } from './built-network';
import type { Network, NetworkOutputs } from './network';

beforeAll(() => useEngine({ backend: 'cpu' }));

const sizes = { time: 1, words: 6, vocabulary: 5, answers: 4 };
const batch: NetworkBatch = { wordMask: tf.ones([2, 3, 6]) }; // videos 2, questions 3
const giving = (outputs: NetworkOutputs): Network<{ dim: number }, { scale: tf.Tensor }> => ({
  name: 'probe',
  settings: z.strictObject({ dim: z.int() }),
  example: { dim: 2 },
  losses: ['own'],
  needs: () => ({ video: false, audio: false, text: false }),
  initialize: ({ dim, sizes: { answers } }) => ({ scale: tf.zeros([dim, answers]) }),
  forward: () => outputs,
});
const forward = (outputs: NetworkOutputs): NetworkOutputs => {
  const { parameters, forward: run } = build(giving(outputs), { dim: 2 }, sizes, Random.fromSeed(1));
  return run(parameters, batch);
};

it('makes the parameters of settings and sizes', () => {
  const { parameters, losses } = build(giving({ logits: tf.zeros([2, 3, 4]) }), { dim: 2 }, sizes, Random.fromSeed(1));
  expect((parameters as { scale: tf.Tensor }).scale.shape).toEqual([2, 4]);
  expect(losses).toEqual(['own']);
});

it('names optional losses after those that are always there, and lets the network give either', () => {
  const network = { ...giving({ logits: tf.zeros([2, 3, 4]), losses: { near: tf.scalar(2) } }), optionalLosses: ['near'] };
  const { parameters, losses, forward: run } = build(network, { dim: 2 }, sizes, Random.fromSeed(1));
  expect(losses).toEqual(['own', 'near']);
  expect(run(parameters, batch).losses!.near!.dataSync()[0]).toBe(2);
});

it('passes on outputs that the interface allows', () =>
  expect(forward({ logits: tf.zeros([2, 3, 4]), losses: { own: tf.scalar(1) } }).logits.shape).toEqual([2, 3, 4]));

it('passes on an intervention that the network knows, and names those it knows', () => {
  const told: (string | undefined)[] = [];
  const network: Network<{ dim: number }, { scale: tf.Tensor }> = {
    ...giving({ logits: tf.zeros([2, 3, 4]) }),
    interventions: ({ dim }) => (dim === 2 ? ['uniform-attention', 'swapped-attention'] : []),
    forward(_, __, ___, { intervention }) {
      told.push(intervention);
      return { logits: tf.zeros([2, 3, 4]) };
    },
  };
  const { parameters, forward: run, interventions } = build(network, { dim: 2 }, sizes, Random.fromSeed(1));
  expect(interventions).toEqual(['uniform-attention', 'swapped-attention']);
  run(parameters, batch, { intervention: 'swapped-attention' });
  run(parameters, batch);
  expect(told).toEqual(['swapped-attention', undefined]);
  expect(() => run(parameters, batch, { intervention: 'uniform-map' })).toThrow(
    'probe: intervention is uniform-map, expected one that it knows: uniform-attention, swapped-attention',
  );
  const labels = { answers: tf.zeros([2, 3], 'int32') as tf.Tensor2D, mask: tf.ones([2, 3]) as tf.Tensor2D };
  const training = { seed: () => 0, labels };
  expect(() => run(parameters, batch, { intervention: 'uniform-attention', training })).toThrow('an intervention is given in training');
  const plain = build(giving({ logits: tf.zeros([2, 3, 4]) }), { dim: 2 }, sizes, Random.fromSeed(1));
  expect(() => plain.forward(parameters, batch, { intervention: 'uniform-map' })).toThrow('expected one that it knows: none');
});

it.each<[string, NetworkOutputs, string]>([
  ['logits of another shape', { logits: tf.zeros([2, 4, 3]) }, 'probe: logits has shape [2, 4, 3], expected [videos=2, questions=3, answers=4]'],
  ['a loss that it does not name', { logits: tf.zeros([2, 3, 4]), losses: { other: tf.scalar(1) } }, 'probe: gives a loss other, expected one of its losses: own'],
  ['a figure named as a loss', { logits: tf.zeros([2, 3, 4]), figures: { total: tf.scalar(1) } }, 'probe: gives a figure total, which is the name of a loss'],
])('refuses %s', (_, outputs, message) => expect(() => forward(outputs)).toThrow(message)); // prettier-ignore
