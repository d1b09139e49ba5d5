import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { isNotable } from '@tass/tracking';
import { experimentIdentity, methodIdentity } from './identity';
import { loadExperiment } from './load-experiment';

const settings = projectSettings(join(__dirname, '../../..'), {});
const paper = ['model=tass-paper-small', 'loss=tass-paper-small']; // whose runs are older than some keys
const load = (...overrides: string[]) => loadExperiment(settings, 'quickstart', [...paper, ...overrides]);
const base = load();

it.each([
  ['title=another'],
  ['optimizer.weightDecay=0'],
  ['engine.threads=3'],
  ['loss.textTeacher=0', 'loss.audioMap=0'],
  ['model.summary=means', 'model.tsgPlus.places=false', 'model.tsgPlus.presence=false'],
  ['dataset.workers=1', 'dataset.root=/elsewhere'],
  ['features.workers=1', 'features.device=auto', 'features.store=/elsewhere', 'features.clip=a', 'features.audio=b'],
])('%s changes nothing of what is computed', (...overrides) => {
  expect(experimentIdentity(load(...overrides))).toEqual(experimentIdentity(base));
  const isNamed = (word: string) => /^(features\.(clip|audio)|(loss|model|optimizer)\..*)=/.test(word); // the digest of the features depends on it; a setting at its default
  expect(overrides.filter(isNotable)).toEqual(overrides.filter(isNamed)); // in a run's name in MLflow
});

it.each([
  'epochs=3',
  'batch.questions=50',
  'dataset.seed=9',
  'dataset.videos.train=77',
  'features.patches=final',
  'features.dtype=q8',
  'features.sampling=content',
  'features.faults=accept',
  'features.shortVideos=refuse',
  'features.audioWindow=around',
  'features.importedVisual=theirs',
  'model.visualProjection=learned',
  'model.dim=24',
  'loss.synchrony=0',
  'loss.textTeacher=0.1',
  'loss.audioMap=0.5',
  'model.tsgPlus.maps=product',
  'model.tsgPlus.places=true',
  'model.tsgPlus.presence=true',
  'model.summary=attended',
  'optimizer.learningRate=1e-5',
  'optimizer.weightDecay=1e-3',
])('%s makes another experiment and another method', (override) => {
  expect(experimentIdentity(load(override))).not.toEqual(experimentIdentity(base));
  expect(methodIdentity(load(override))).not.toEqual(methodIdentity(base));
  expect(isNotable(override)).toBe(true);
});

it.each(['seed=2', 'engine.backend=cpu'])('%s makes another experiment, but not another method', (override) => {
  expect(experimentIdentity(load(override))).not.toEqual(experimentIdentity(base));
  expect(methodIdentity(load(override))).toEqual(methodIdentity(base));
});

it('every key of an experiment is either in its identity or left out here by name', () => {
  const leaves = (value: unknown, path = ''): string[] =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key))
      : [path];
  const identity = new Set(leaves(experimentIdentity(base)));
  expect([...identity].filter((key) => !isNotable(`${key}=1`))).toEqual(['seed']); // a run's name in MLflow has it anyway
  const leftOut = leaves(base).filter((key) => !identity.has(key) && key !== 'engine.backend');
  expect(leftOut.sort()).toEqual(
    [
      'title',
      'initialize', // at its default
      'pages', // written after the run has finished
      'engine.threads',
      'optimizer.weightDecay', // at its default
      'dataset.root',
      'dataset.workers',
      'features.audio',
      'features.audioWindow', // at its default
      'features.clip',
      'features.device',
      'features.importedAudio',
      'features.importedVisual',
      'features.shortVideos', // at its default
      'features.store',
      'features.workers',
      'model.network', // TASS, at its default
      'model.summary', // at its default
    ].sort(),
  );
});
