import { changesBetween } from './methods';

const tass = { seed: 1, model: { network: 'tass', dim: 128, heads: 4, jtg: { stream: 'single' } }, loss: { answer: 1, synchrony: 1 } };
const dual = { ...tass, model: { ...tass.model, jtg: { stream: 'dual' } } };
const pooling = { seed: 1, model: { network: 'mean-pooling', dim: 64 }, loss: { answer: 1 } };

it('names the keys in which two configurations of one network differ', () =>
  expect(changesBetween(tass, dual)).toEqual([{ key: 'model.jtg.stream', reference: 'single', here: 'dual' }]));

it('of two networks names which they are and the keys that both have', () =>
  expect(changesBetween(tass, pooling)).toEqual([
    { key: 'model.network', reference: 'tass', here: 'mean-pooling' },
    { key: 'model.dim', reference: '128', here: '64' },
  ]));
