import { ConfigError, composeExperiment, configOf } from '@tass/config';
import { experimentIdentity } from './identity';
import { checkExperiment } from './load-experiment';
import { neededFeatures } from './networks';
import { experimentsRoot } from './fixtures/experiment';

const load = (name: string, ...overrides: string[]) => checkExperiment(composeExperiment({ root: experimentsRoot, name, overrides }));

it('a configuration without model.network is one of TASS, with the identity that it had', () => {
  const named = load('tass-paper-small');
  const before = load('tass-paper-small', '~model.network');
  expect(before).toEqual(named);
  expect(JSON.stringify(experimentIdentity(named))).not.toContain('network');
  expect(JSON.stringify(experimentIdentity(load('networks/transformer-small')))).toContain('"network":"transformer"');
});

it('each network has settings, losses and needs of its own', () => {
  expect(load('networks/transformer-small').model).toEqual({ network: 'transformer', dim: 64, heads: 4, layers: 2, dropout: 0 });
  expect(load('networks/mean-pooling-small').loss).toEqual({ answer: 1 });
  expect(neededFeatures(load('networks/st-avqa-small')).text).toBe(false);
});

it('an optional loss at 0, and places and presence that are off, are as if left out', () => {
  expect(load('tass-paper-small', 'loss.textTeacher=0')).toEqual(load('tass-paper-small'));
  expect(Object.keys(load('tass-paper-small', 'loss.textTeacher=0').loss)).toEqual(['answer', 'match', 'synchrony']);
  for (const key of ['places', 'presence'])
    expect(JSON.stringify(load('tass-paper-small', `model.tsgPlus.${key}=false`))).toBe(JSON.stringify(load('tass-paper-small')));
  expect(load('tass-paper-small', 'loss.textTeacher=0.1').loss).toEqual({ answer: 1, match: 0, synchrony: 1, textTeacher: 0.1 });
});

it.each<[string, string[], string]>([
  ['an unknown network', ['model.network=tras'], 'model.network is "tras", expected one of '],
  ['the settings of another', ['model.network=transformer'], 'model.network is transformer, but model has the settings of tass. A network comes with its own experiment, as --exp=networks/transformer; or write `override model: null, override loss: null` in the defaults and give its own'],
  ['a weight of a loss that it does not bring', ['+loss.near=1'], 'loss.near is not a known key. Known: answer, match, synchrony, flatAttention, textTeacher, audioMap.'],
  ['flat attention of one half', ['loss.flatAttention=1', 'model.inputs.video=false'], 'loss.flatAttention is 1, expected 0, as model.inputs.video is false'],
  ['tokens for a network of words', ['features.words=hidden'], 'features.words is "hidden", expected prompt or token, as tass reads words, not all tokens'],
  ['a text teacher without a target', ['loss.textTeacher=1', 'model.tsgPlus.textQuery=false'], 'loss.textTeacher is 1, expected 0, as model.tsgPlus.textQuery is false'],
  ['a text teacher of a learned target', ['loss.textTeacher=1', 'model.question.encoder=learned'], 'loss.textTeacher is 1, expected 0, as model.question.encoder is learned and CLIP compares no frame with such a target'],
  ['a text teacher of learned frames', ['loss.textTeacher=1', 'model.visualProjection=learned'], 'loss.textTeacher is 1, expected 0, as model.visualProjection is learned and CLIP compares no text with such frames'],
  ['an audio map to teach where there is none', ['loss.audioMap=1', 'model.tsgPlus.grounding=false'], 'loss.audioMap is 1, expected 0, as model.tsgPlus.grounding is false'],
  ['places of a map that is not there', ['model.tsgPlus.places=true', 'model.tsgPlus.grounding=false'], 'model.tsgPlus.places is true, expected false, as model.tsgPlus.grounding is false'],
  ['the presence of what no text looks for', ['model.tsgPlus.presence=true', 'model.tsgPlus.textQuery=false'], 'model.tsgPlus.presence is true, expected false, as model.tsgPlus.textQuery is false'],
  ['a negative weight of an optional loss', ['loss.textTeacher=-1'], 'loss.textTeacher'],
  ['a width that no machine has room for', ['model.dim=2000000'], 'model.dim is 2000000, expected at most 8192'],
  ['more segments than a video has', ['features.segments=2000000000'], 'features.segments is 2000000000, expected at most 10000'],
  ['a world that no disk has room for', ['dataset.videos.train=2000000000'], 'dataset.videos.train is 2000000000, expected at most 100000'],
  ['more workers than a machine has', ['features.workers=100000', 'epochs=1e9'], 'epochs is 1000000000, expected at most 1000000'],
  ['a width that its heads do not divide', ['model.heads=3'], 'model.heads is 3, expected a divisor of model.dim (128)'],
])('refuses %s', (_, overrides, message) => expect(() => load('tass-paper-small', ...overrides)).toThrow(message)); // prettier-ignore

it.each([null, 'text', { model: null }])('%j in the place of an experiment is named like any other damage', (config) =>
  expect(() => checkExperiment(configOf(config as never, 'cell.json'))).toThrow(ConfigError),
);
