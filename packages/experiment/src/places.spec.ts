import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { datasetRoot } from './data';
import { mediaOptions } from './features/make-media';
import { storeParts, wantedFeatures } from './features/wanted-features';
import { experiment } from './fixtures/experiment';
import type { Experiment } from './schema';

const root = resolve(__dirname, '../../..'); // which the models of the experiment are below
const settings = { root, data: '/data' } as ProjectSettings;
const real = (more: object = {}) =>
  ({ kind: 'music-avqa', root: null, videos: null, frameSize: null, questions: 'all', holdOut: 0.1, holdOutSeed: 1, ...more }) as Experiment['dataset'] & { kind: 'music-avqa' }; // prettier-ignore

/** As a person writes it, and the folder that is meant. */
const written: readonly (readonly [string, string])[] = [
  ['x/y', join(root, 'x/y')],
  ['../x', join(dirname(root), 'x')],
  ['~/x', join(homedir(), 'x')],
  ['/x', '/x'],
];

describe.each(written)('%s, given in any folder, is', (path, folder) => {
  const features = (more: object) => ({ ...experiment.features!, importedVisual: null, importedAudio: null, ...more });
  const wanted = (dataset: Experiment['dataset'], more: object = {}) =>
    wantedFeatures({ ...experiment, dataset, features: features(more) }, settings, datasetRoot(dataset, settings), [])!;

  it('dataset.root', () => {
    expect(datasetRoot(real({ root: path }), settings)).toBe(folder);
    expect(datasetRoot({ ...experiment.dataset, kind: 'mini-avqa', root: path } as Experiment['dataset'], settings)).toBe(folder);
  });

  it('dataset.videos', () => {
    const dataset = real({ videos: path });
    expect(mediaOptions(wanted(dataset), dataset)?.videosFolder).toBe(folder);
  });

  it('features.store', () => {
    expect(wanted(real(), { store: path }).plan.storeRoot).toBe(folder);
    const r = { ...real(), kind: 'music-avqa-r' } as unknown as Experiment['dataset'];
    expect(wanted(r, { store: path }).plan.storeRoot).toBe(folder);
  });

  it('features.clip and features.audio', () => {
    const { plan } = wanted(real(), { clip: `${path}/clip`, audio: `${path}/audio` });
    expect([plan.clip?.folder, plan.audio?.folder]).toEqual([join(folder, 'clip'), join(folder, 'audio')]);
  });
});

it('imported features lie in the store, or where a whole path says', () => {
  const parts = (importedVisual: string) => {
    const features = { ...experiment.features!, store: 'store', importedVisual, importedAudio: null };
    return storeParts(wantedFeatures({ ...experiment, dataset: real(), features }, settings, '/data', [])!).map(({ folder }) => folder);
  };
  expect(parts('resnet')).toContain(join(root, 'store/resnet'));
  expect(parts('~/resnet')).toContain(join(homedir(), 'resnet'));
});

it('of nothing that is named are the usual ones', () => {
  expect(datasetRoot(real(), settings)).toBe('/data');
  expect(wantedFeatures({ ...experiment, dataset: real() }, settings, '/data', [])!.plan.storeRoot).toBe('/data/features');
});

it('of another user are refused by key', () => {
  expect(() => datasetRoot(real({ root: '~ada/x' }), settings)).toThrow(
    'dataset.root is ~ada/x: only your own home folder can be written as ~',
  );
});
