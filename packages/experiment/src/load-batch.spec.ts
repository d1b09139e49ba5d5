import { MASKED, Vocabulary, planBatches, type Batch } from '@tass/dataset-music-avqa';
import type { FeatureStore } from '@tass/feature-store';
import { tf, useEngine } from '@tass/tensor';
import { questions } from './fixtures/questions';
import { loadBatch, shapeIn, type BatchSource } from './load-batch';

beforeAll(() => useEngine({ backend: 'cpu' }));

const shapes: Record<string, number[]> = {
  ...{ frame: [2, 3], patch: [2, 4, 3], audio: [2, 5], audioPatch: [2, 6, 7] },
  ...{ sentence: [3], words: [10, 3], prompt: [3] },
};

/** Every value of a record is the length of its key times the place of its field; what is read is noted. */
const read: [string, number][] = [];
const features = {
  describe: (field: string) => ({ axes: [], shape: shapes[field] }),
  read(field: string, keys: readonly string[]) {
    read.push([field, keys.length]);
    const length = shapes[field].reduce((product, axis) => product * axis, 1);
    return Float32Array.from({ length: keys.length * length }, (_, i) => valueOf(field, keys[Math.floor(i / length)]));
  },
} as unknown as FeatureStore;
const valueOf = (field: string, key: string): number => (key.length + key.charCodeAt(0)) * (1 + Object.keys(shapes).indexOf(field));

const source: BatchSource = {
  vocabulary: Vocabulary.fromQuestions(questions),
  needed: { video: true, audio: true, text: true },
  features,
  words: 10,
  sentences: { mean: new Float64Array(3), deviation: new Float64Array(3).fill(1) },
};
// Two of c's questions, then one of a and an empty slot.
const batch: Batch = { videoIds: ['c', 'a'], questionsPerVideo: 2, questionIndex: Int32Array.from([4, 3, 2, MASKED]) };
beforeEach(() => read.splice(0));
const shapesOf = (tensors: object): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, (tensor as tf.Tensor).shape]));

it('loads the features of each video once, and those of each question', () => {
  const { inputs, labels } = loadBatch(batch, questions, source);
  expect(shapesOf(inputs)).toEqual({
    ...{ regions: [2, 2, 4, 3], frames: [2, 2, 3], audio: [2, 2, 5] },
    ...{ sentence: [2, 2, 3], words: [2, 2, 10, 3], wordMask: [2, 2, 10] },
  });
  expect(read.sort()).toEqual([
    ['audio', 2],
    ['frame', 2],
    ['patch', 2],
    ['sentence', 4],
    ['words', 4],
  ]);
  const firstValues = (tensor: tf.Tensor): number[] => [...(tf.max(tf.reshape(tensor, [2, -1]), 1).dataSync() as Float32Array)];
  expect(firstValues(inputs.frames!)).toEqual([valueOf('frame', 'c'), valueOf('frame', 'a')]);
  expect(firstValues(inputs.regions!)).toEqual([valueOf('patch', 'c'), valueOf('patch', 'a')]);
  expect(firstValues(inputs.audio!)).toEqual([valueOf('audio', 'c'), valueOf('audio', 'a')]);
  const asked = [4, 3, 2, 4].map((index) => questions[index].text); // the empty slot repeats the first question
  const sentences = tf.max(inputs.sentence!, -1).dataSync();
  expect([...sentences]).toEqual(asked.map((text) => valueOf('sentence', text)));
  expect([...labels.answers.dataSync()]).toEqual([13, 11, 7, 0]);
  expect([...labels.mask.dataSync()]).toEqual([1, 1, 1, 0]);
});

it('marks all tokens where the store holds them instead of words, and reads prompts on demand', () => {
  const describe = (field: string) => ({ axes: [field === 'words' ? 'tokens' : 'joint'], shape: shapes[field] });
  const ofTokens = {
    ...source,
    needed: { ...source.needed, prompt: true },
    features: { ...features, describe } as unknown as FeatureStore,
  };
  const { inputs } = loadBatch(batch, questions, ofTokens);
  expect([...inputs.wordMask.dataSync()]).toEqual(Array<number>(40).fill(1));
  expect(inputs.prompt!.shape).toEqual([2, 2, 3]);
});

it('carries patches of sound where the network reads them, in batches of every shape', () => {
  const { inputs } = loadBatch(batch, questions, { ...source, needed: { ...source.needed, audioPatches: true } });
  expect(inputs.audioPatches!.shape).toEqual([2, 2, 6, 7]);
  expect([...(tf.max(tf.reshape(inputs.audioPatches!, [2, -1]), 1).dataSync() as Float32Array)]).toEqual(
    ['c', 'a'].map((key) => valueOf('audioPatch', key)),
  );
  expect(shapeIn([5, 3], [2, 2, 6, 7], 'inputs.audioPatches')).toEqual([5, 2, 6, 7]);
  expect(shapeIn([5, 3], [2, 2, 3], 'inputs.sentence')).toEqual([5, 3, 3]);
});

it('marks the words of each question, in an empty slot too, as a softmax over nothing would be no number', () => {
  const { inputs } = loadBatch(batch, questions, source);
  const mask = inputs.wordMask.arraySync();
  const first = (count: number): number[] => Array.from({ length: 10 }, (_, word) => (word < count ? 1 : 0));
  expect(mask).toEqual([
    [first(9), first(4)],
    [first(6), first(9)],
  ]);
});

it('standardises the sentences alone', () => {
  const sentences = { mean: Float64Array.of(1, 2, 3), deviation: Float64Array.of(1, 2, 4) };
  const { inputs } = loadBatch(batch, questions, { ...source, sentences });
  const value = valueOf('sentence', questions[4].text);
  expect([...inputs.sentence!.dataSync().slice(0, 3)]).toEqual([value - 1, (value - 2) / 2, (value - 3) / 4]);
  expect(inputs.words!.dataSync()[0]).toBe(valueOf('words', questions[4].text));
});

it.each([
  [{ video: false, audio: true, text: true }, ['audio', 'sentence', 'wordMask', 'words']],
  [{ video: true, audio: false, text: true }, ['frames', 'regions', 'sentence', 'wordMask', 'words']],
  [{ video: true, audio: true, text: false }, ['audio', 'frames', 'regions', 'wordIds', 'wordMask']],
  [{ video: false, audio: false, text: false }, ['wordIds', 'wordMask']],
])('loads only what is needed: %j', (needed, names) => {
  const store = needed.video || needed.audio || needed.text ? features : undefined;
  const { inputs } = loadBatch(batch, questions, {
    ...source,
    needed,
    features: store,
    sentences: needed.text ? source.sentences : undefined,
  });
  expect(Object.keys(inputs).sort()).toEqual(names);
});

it('gives the words that are learned as indices, unknown and padding among them', () => {
  const vocabulary = Vocabulary.fromQuestions(questions.slice(0, 4)); // of the training part
  const { inputs } = loadBatch(batch, questions, {
    ...source,
    vocabulary,
    needed: { video: false, audio: false, text: false },
    features: undefined,
  });
  const { wordIds } = inputs;
  expect([wordIds!.dtype, wordIds!.shape]).toEqual(['int32', [2, 2, 10]]);
  const [[first, second]] = wordIds!.arraySync();
  const indices = (words: readonly string[]): number[] => words.map((word) => vocabulary.indexOf(word));
  expect(first).toEqual([...indices(questions[4].words), 0]);
  expect(first[2]).toBe(vocabulary.unknownIndex); // sound
  expect(second).toEqual([...indices(questions[3].words), 0, 0, 0, 0, 0, 0]);
});

it('leaves nothing behind but what it gives', () => {
  const before = tf.memory().numTensors;
  const { batches } = planBatches(questions, { questionsPerBatch: 4, questionsPerVideo: 2 });
  for (const each of batches) {
    const { inputs, labels } = loadBatch(each, questions, source);
    tf.dispose([{ ...inputs }, { ...labels }]);
  }
  expect(tf.memory().numTensors).toBe(before);
});
