import { z } from 'zod';
import { faultOf } from './fault-of';

const whole = {
  name: 'probe',
  settings: z.strictObject({ dim: z.int() }),
  losses: ['match'],
  needs: () => ({ video: false, audio: false, text: false }),
  initialize: () => ({}),
  forward: () => undefined,
};

it('finds none in a network that is whole', () => expect(faultOf(whole, 'probe')).toBeUndefined());

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'exports no `network`'],
  ['another name', { ...whole, name: 'other' }, 'exports a network named other, expected the name of its file, probe'],
  ['no settings', { ...whole, settings: undefined }, 'has no `settings`, expected a z.strictObject of its keys in model.*'],
  ['a setting named network', { ...whole, settings: z.strictObject({ network: z.string() }) }, 'has a setting named network, which is the key that names it'],
  ['no initialize', { ...whole, initialize: undefined }, 'has no `initialize`'],
  ['a loss of the harness', { ...whole, losses: ['total'] }, 'has a loss named total, which is in use. Give it another name'],
  ['an optional loss that is always there', { ...whole, optionalLosses: ['near', 'match'] }, 'has a loss named match, which is in use. Give it another name'],
  ['a loss twice', { ...whole, losses: ['a', 'a'] }, 'has a loss named a, which is in use. Give it another name'],
])('names %s', (_, value, fault) => expect(faultOf(value, 'probe')).toBe(fault)); // prettier-ignore
