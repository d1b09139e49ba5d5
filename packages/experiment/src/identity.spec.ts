import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { experimentIdentity, methodIdentity } from './identity';
import { loadExperiment } from './load-experiment';

const settings = projectSettings(join(__dirname, '../../..'), {});
const load = (...overrides: string[]) => loadExperiment(settings, 'quickstart', overrides);
const base = load();

it.each([
  ['title=another'],
  ['engine.threads=3'],
  ['dataset.workers=1', 'dataset.root=/elsewhere'],
  ['features.workers=1', 'features.store=/elsewhere', 'features.clip=a', 'features.audio=b'],
])('%s changes nothing of what is computed', (...overrides) => {
  expect(experimentIdentity(load(...overrides))).toEqual(experimentIdentity(base));
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
  'optimizer.learningRate=1e-5',
])('%s makes another experiment and another method', (override) => {
  expect(experimentIdentity(load(override))).not.toEqual(experimentIdentity(base));
  expect(methodIdentity(load(override))).not.toEqual(methodIdentity(base));
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
  const leftOut = leaves(base).filter((key) => !identity.has(key) && key !== 'engine.backend');
  expect(leftOut.sort()).toEqual(
    [
      'title',
      'engine.threads',
      'dataset.root',
      'dataset.workers',
      'features.audio',
      'features.audioWindow', // at its default
      'features.clip',
      'features.importedAudio',
      'features.importedVisual',
      'features.shortVideos', // at its default
      'features.store',
      'features.workers',
    ].sort(),
  );
});
