import { baselines } from '@tass/baselines';
import { Vocabulary, type Question } from '@tass/dataset-music-avqa';
import type { BatchSource } from '@tass/experiment';
import type { FeatureStore } from '@tass/feature-store';
import { build, type Network } from '@tass/network';
import { tass } from '@tass/tass';
import { Random, useEngine } from '@tass/tensor';
import { runOf } from './fixtures/probe-run';
import { lookAt } from './look';

beforeAll(() => useEngine({ backend: 'wasm' }));

const sizes = {
  time: 6,
  regions: 4,
  regionDim: 8,
  frameDim: 8,
  audioDim: 5,
  audioPatches: 3,
  audioPatchDim: 4,
  textDim: 8,
  logitScale: 20,
  words: 7,
  answers: 42,
};
const questions = ['is the cello louder than the tuba', 'how many are there'].map((text, id) => ({
  ...({ id, text, videoId: 'ab'[id], type: 0, answer: 1 } as Question),
  words: text.split(' '),
}));
const vocabulary = Vocabulary.fromQuestions([...questions, { ...questions[0], words: ['flute'] }]);
const shapes: Record<string, number[]> = {
  frame: [6, 8],
  patch: [6, 4, 8],
  audio: [6, 5],
  audioPatch: [6, 3, 4],
  sentence: [8],
  prompt: [8],
  words: [7, 8],
};
const valuesOf = (field: string, key: string): Float32Array =>
  Random.fromSeed(1).fork(`${field} ${key}`).normals(shapes[field].reduce((product, axis) => product * axis)); // prettier-ignore
const features = {
  describe: (field: string) => ({ axes: [], shape: shapes[field] }),
  missing: () => [],
  verified: () => Promise.resolve(),
  read: (field: string, keys: readonly string[]) => Float32Array.from(keys.flatMap((key) => [...valuesOf(field, key)])),
} as unknown as FeatureStore;
const sentences = { mean: new Float64Array(8), deviation: new Float64Array(8).fill(1) };
const blanks = { regions: new Float32Array(8), frames: new Float32Array(8), audio: new Float32Array(5), audioPatches: new Float32Array(4) };

const networks = [...baselines, tass] as readonly Network<object, object>[];
const reads = (inputs: { readonly audio: boolean; readonly video: boolean }) => ({ ...tass.example, inputs });
const cases: readonly (readonly [string, Network<object, object>, object])[] = [
  ...networks.map((network) => [network.name, network, network.example] as const),
  ['tass without sound', networks.at(-1)!, reads({ audio: false, video: true })],
  ['tass without pictures', networks.at(-1)!, reads({ audio: true, video: false })],
  ['tass with questions alone', networks.at(-1)!, reads({ audio: false, video: false })],
];
it.each(cases)('%s: what it gives is shown, or it is refused', async (_, network, settings) => {
  const needed = network.needs(settings);
  const source: BatchSource = { vocabulary, words: sizes.words, sentences, features, needed };
  const built = build(network, settings, { ...sizes, vocabulary: vocabulary.size }, Random.fromSeed(2));
  const run = runOf(built, { blanks, source });
  const looks = await lookAt(run, questions).catch((error: Error) => error.message);
  if (typeof looks === 'string') {
    expect(looks).toMatch(needed.video || needed.audio ? /has neither attention in time nor maps/ : /was trained on questions alone/);
    expect(network.interventions?.(settings) ?? []).toEqual([]);
    return;
  }
  for (const { attention, maps, answers, counterfactuals, curves, absent } of looks) {
    const sumsToOne = (shares: readonly number[]): void => expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    for (const { mean } of attention) sumsToOne(mean);
    for (const { shares } of maps) shares.forEach(sumsToOne);
    sumsToOne(answers.map(({ probability }) => probability));
    for (const { answers: moved } of counterfactuals) sumsToOne(moved.map(({ probability }) => probability));
    expect(curves.length > 0).toBe(attention.length > 0 || maps.length > 0);
    expect(absent.maps === undefined).toBe(maps.length > 0);
    expect(maps.length > 0 && !needed.video).toBe(false);
    expect(attention.map(({ modality }) => modality)).toEqual([...(needed.video ? ['visual'] : []), ...(needed.audio ? ['audio'] : [])]);
  }
});
