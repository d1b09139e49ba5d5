import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeExperiment, listExperiments } from '@tass/config';
import { experimentsRoot } from './fixtures/experiment';
import { checkExperiment } from './load-experiment';
import { neededFeatures } from './networks';

const load = (name: string, overrides: string[] = []) => checkExperiment(composeExperiment({ root: experimentsRoot, name, overrides }));
const isGrid = (name: string): boolean => 'sweep' in composeExperiment({ root: experimentsRoot, name }).config;
const all = listExperiments(experimentsRoot).filter((name) => !isGrid(name)); // grids have a spec in apps/trainer
const ablations = all.filter((name) => name.startsWith('ablations/'));

/** Leaves of a configuration by dotted key. */
function leavesOf(value: unknown, key = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return { [key]: value };
  const parts = Object.entries(value).map(([name, child]) => leavesOf(child, key === '' ? name : `${key}.${name}`));
  return Object.assign({}, ...parts) as Record<string, unknown>;
}
const differences = (name: string, base: string): string[] => {
  const [ours, theirs] = [leavesOf(load(name)), leavesOf(load(base))];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter((key) => ours[key] !== theirs[key] && key !== 'title').sort();
};

it('there are the experiments that the documentation names', () => {
  expect(all).toEqual(expect.arrayContaining(['tass-small', 'question-only', 'quickstart', 'tass', 'tass-paper']));
  expect(ablations.length).toBeGreaterThanOrEqual(19);
});

it.each(all)('%s resolves, and says how it is run', (name) => {
  expect(load(name).title).not.toBe('');
  expect(readFileSync(join(experimentsRoot, `${name}.yaml`), 'utf8')).toMatch(
    new RegExp(`^#[^]*npx nx run trainer:train --exp=${name}\\s`, 'm'),
  );
});

it.each([
  ['st-avqa', 'resnet18-vggish', { segments: 10, segmentSeconds: 6, importedVisual: 'resnet18', importedAudio: 'vggish' }],
  ['tjstg', 'resnet18-vggish', { segments: 10, segmentSeconds: 6, importedVisual: 'resnet18', importedAudio: 'vggish' }],
  ['pstp-public', 'clip-vit-b32-tokens', { segments: 60, segmentSeconds: 1, patches: 'final', words: 'hidden', importedVisual: null }],
  ['pstp-intended', 'clip-vit-b32-tokens', { segments: 60, segmentSeconds: 1, patches: 'final', words: 'hidden', importedVisual: null }],
  ['tspm', 'clip-vit-l14-336-tome', { segments: 60, importedVisual: 'clip-l14-336-tome', importedAudio: 'vggish' }],
  ['qa-tiger', 'clip-vit-l14-336-tome', { segments: 60, words: 'hidden', importedVisual: 'clip-l14-336-tome', importedAudio: 'vggish' }],
  ['qast', 'clip-vit-l14-336-tome', { segments: 60, words: 'hidden', importedVisual: 'clip-l14-336-tome', importedAudio: 'vggish' }],
  ['cue-space', 'clip-vit-l14-336-tome-ast', { segments: 60, importedVisual: 'clip-l14-336-tome', importedAudio: 'ast' }],
])('networks/%s reads published features by features=%s', (name, group, expected) => {
  expect(load(`networks/${name}`, [`features=${group}`]).features).toMatchObject(expected);
});

it.each([
  [['model.heads=3'], 'override model.heads=3: model.heads is 3, expected a divisor of model.dim (128)'],
  [
    ['model.dim=9', 'model.heads=3', 'model.jtg.context=bilstm'],
    'override model.dim=9: model.dim is 9, expected an even number, as model.jtg.context is bilstm',
  ],
  [['loss.synchrony=1'], 'loss.synchrony is 1, expected 0, as model.jtg.stream is paired: picture and sound have one attention'],
])('%j is refused in the words of the command line', (overrides, message) => {
  expect(() => load('tass-small', overrides)).toThrow(message);
  expect(load('question-only', ['model.heads=3']).model.heads).toBe(3); // which has no attention
});

it.each(ablations)('%s changes only what it is named after', (name) => {
  const changed = differences(name, 'tass-small');
  expect(changed.length).toBeGreaterThan(0);
  const withoutTeachers = ['loss.audioMap', 'loss.textTeacher'];
  const expected: Record<string, string[]> = {
    'ablations/audio-question': [...withoutTeachers, 'model.inputs.video'],
    'ablations/average-pooling': [...withoutTeachers, 'model.tsgPlus.grounding', 'model.tsgPlus.places', 'model.tsgPlus.presence'],
    'ablations/dual-stream': ['loss.synchrony', 'model.jtg.stream'],
    'ablations/learned-question': ['loss.textTeacher', 'model.question.encoder'],
    'ablations/question-only': [...withoutTeachers, 'model.inputs.audio', 'model.inputs.video'],
    'ablations/single-stream': ['loss.synchrony', 'model.jtg.stream'],
    'ablations/video-question': [...withoutTeachers, 'model.inputs.audio'],
    'ablations/without-audio-query': ['loss.audioMap', 'model.tsgPlus.audioQuery'],
    'ablations/without-match': ['loss.match', 'model.match'],
    'ablations/without-text-query': ['loss.textTeacher', 'model.tsgPlus.presence', 'model.tsgPlus.textQuery'],
    'ablations/single-stream-flat': ['loss.flatAttention', 'model.jtg.stream'],
  };
  if (name in expected) expect(changed).toEqual(expected[name]);
  else expect(changed).toHaveLength(1);
});

it('no two ablations compute the same, and none has the title of another', () => {
  const computed = ablations.map((name) => JSON.stringify({ ...load(name), title: '' }));
  expect(new Set(computed).size).toBe(ablations.length);
  expect(new Set(ablations.map((name) => load(name).title)).size).toBe(ablations.length);
});

it('the settings of an ablation on MUSIC-AVQA, as its head gives them, are the same switch', () => {
  for (const name of ablations) {
    const [, words] = /on MUSIC-AVQA: --exp=tass(.*)$/m.exec(readFileSync(join(experimentsRoot, `${name}.yaml`), 'utf8')) ?? [];
    expect([name, words]).toEqual([name, expect.any(String)]);
    if (words.includes('its default')) continue;
    const overrides = words.trim().split(' ');
    const tass = leavesOf(load('tass', overrides));
    const ours = leavesOf(load(name));
    for (const override of overrides) {
      const [key] = override.split('=');
      expect([name, key, tass[key]]).toEqual([name, key, ours[key]]);
    }
  }
});

it('the question alone needs the annotations only', () => {
  const { features, dataset } = load('question-only');
  expect([features, dataset.kind]).toEqual([null, 'music-avqa']);
  expect(neededFeatures(load('question-only'))).toEqual({ video: false, audio: false, text: false });
});

it.each([
  ['tass', { video: true, audio: true, text: true }],
  ['ablations/audio-question', { video: false, audio: true, text: true }],
  ['ablations/video-question', { video: true, audio: false, text: true }],
  ['ablations/learned-question', { video: true, audio: true, text: false }],
])('%s reads only the features of its inputs', (name, needed) => expect(neededFeatures(load(name))).toEqual(needed));

it('TASS on MUSIC-AVQA needs no Python: all its encoders are on the hub; the paper has VGGish', () => {
  const { clip, audio } = load('tass').features!;
  expect([clip, audio]).toEqual(['Xenova/clip-vit-base-patch32', 'Xenova/clap-htsat-unfused']);
  expect(load('tass-paper').features!.audio).toBe('models/vggish');
  const losses = ['loss.audioMap', 'loss.synchrony', 'loss.textTeacher'];
  const model = ['model.jtg.context', 'model.jtg.stream', 'model.match', 'model.summary', 'model.tsgPlus.places', 'model.tsgPlus.presence'];
  expect(differences('tass-paper-small', 'tass-small')).toEqual([...losses, 'loss.match', ...model].sort());
  expect(differences('tass-paper', 'tass')).toEqual(['features.audio', ...losses, ...model].sort());
});

it('the paper settings on MUSIC-AVQA are those of the predecessor', () => {
  const { epochs, batch, optimizer, model, loss } = load('tass-paper');
  expect({ epochs, loss, dim: model.dim, heads: model.heads }).toEqual({
    ...{ epochs: 30, dim: 512, heads: 4 },
    loss: { answer: 1, match: 0.5, synchrony: 1 },
  });
  expect(optimizer).toMatchObject({ learningRate: 2e-4, schedule: { kind: 'step', factor: 0.1, everyEpochs: 12 } });
  expect(batch).toEqual({ questions: 64, perVideo: 1 });
});
