import { readCheckpoint } from '@tass/checkpoints';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWERS, MASKED, Vocabulary, planBatches } from '@tass/dataset-music-avqa';
import { Random, namedParameters, tf, useEngine, withParameters } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { scoringPlan, trainingPlan } from './data';
import { experiment } from './fixtures/experiment';
import { questions } from './fixtures/questions';
import type { BatchSource } from './load-batch';
import { buildNetwork } from './networks';
import { likeParameters, writeParameters } from './parameter-files';
import { createAnsweringStep, predict } from './predict';
import { scoreQuestions } from './score';
import type { QuestionSplits } from './questions';

beforeAll(() => useEngine({ backend: 'cpu' }));

const vocabulary = Vocabulary.fromQuestions(questions);
const source: BatchSource = {
  ...{ vocabulary, words: 10, features: undefined, sentences: undefined },
  needed: { video: false, audio: false, text: false },
};
const questionOnly = {
  ...experiment,
  model: { ...experiment.model, inputs: { audio: false, video: false }, question: { encoder: 'learned', target: 'soft' } as const },
};
const network = (dim = 4) =>
  buildNetwork(
    { ...questionOnly, model: { ...questionOnly.model, dim } },
    { time: 1, words: 10, vocabulary: vocabulary.size, answers: ANSWERS.length },
  );
const step = () => createAnsweringStep(questionOnly, network());
const answersOf = (questionsPerBatch: number, questionsPerVideo: number): Promise<Float32Array> => {
  const plan = planBatches(questions, { questionsPerBatch, questionsPerVideo });
  return predict(step(), network().parameters, questions, source, undefined, plan);
};

it('gives probabilities in the order of the questions, however they were put into batches', async () => {
  const single = await answersOf(1, 1);
  expect(single).toHaveLength(questions.length * ANSWERS.length);
  questions.forEach((_, index) => {
    const row = single.subarray(index * ANSWERS.length, (index + 1) * ANSWERS.length);
    expect(row.reduce((sum, probability) => sum + probability)).toBeCloseTo(1, 5);
  });
  expect(greatestDifference(single.subarray(0, 42), single.subarray(42, 84))).toBeGreaterThan(1e-4);
  for (const [videos, perVideo] of [[4, 2], [24, 8], [2, 1]]) expect(greatestDifference(await answersOf(videos, perVideo), single)).toBeLessThan(1e-6); // prettier-ignore
});

it('tells how far it has come, and keeps no tensor', async () => {
  const { parameters } = network();
  const answering = step();
  const before = tf.memory().numTensors;
  const seen: number[][] = [];
  await predict(answering, parameters, questions, source, (done, total) => seen.push([done, total]));
  const { length } = scoringPlan(questions).batches;
  expect(seen).toEqual(Array.from({ length }, (_, index) => [index + 1, length]));
  expect(length).toBeGreaterThan(0);
  expect(tf.memory().numTensors).toBe(before);
});

it('throws what a step throws, once all steps under way have ended, and keeps no tensor', async () => {
  const answering = step();
  let [calls, ended] = [0, 0];
  const failing: ReturnType<typeof step> = {
    ...answering,
    async run(inputs) {
      const call = ++calls;
      const made = await answering.run(inputs);
      await new Promise((resolve) => setTimeout(resolve, call === 2 ? 1 : 50));
      ended++;
      if (call !== 2) return made;
      tf.dispose({ ...made });
      throw new Error('the second step failed');
    },
  };
  const plan = planBatches(questions, { questionsPerBatch: 1, questionsPerVideo: 1 });
  const before = tf.memory().numTensors;
  const { parameters } = network();
  const ownTensors = tf.memory().numTensors - before;
  await expect(predict(failing, parameters, questions, source, undefined, plan)).rejects.toThrow('the second step failed');
  expect(calls).toBe(3);
  expect(ended).toBe(3);
  expect(tf.memory().numTensors).toBe(before + ownTensors);
});

it('scores by type', async () => {
  const { score, records } = await scoreQuestions(step(), network().parameters, questions, source);
  expect(records.map(({ questionId }) => questionId)).toEqual(questions.map(({ id }) => id));
  expect(score.all).toEqual({ total: 6, correct: records.filter(({ predicted, answer }) => predicted === answer).length });
  expect(score.types.map(({ total }) => total)).toEqual([1, 0, 1, 1, 1, 0, 1, 0, 1]);
});

describe('plans', () => {
  const asked = (plan: ReturnType<typeof scoringPlan>) =>
    plan.batches.flatMap(({ questionIndex }) => [...questionIndex].filter((index) => index !== MASKED));
  const train = (epoch: number) =>
    trainingPlan({ train: questions } as unknown as QuestionSplits, questionOnly, Random.fromSeed(1).fork(epoch));

  it('hold every question once', () => {
    for (const plan of [scoringPlan(questions), train(0)]) {
      expect(asked(plan).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  it('are fixed for scoring; for training each epoch has its own order', () => {
    expect(asked(scoringPlan(questions))).toEqual(asked(scoringPlan(questions)));
    expect(asked(train(0))).toEqual(asked(train(0)));
    expect(new Set([0, 1, 2, 3, 4].map((epoch) => asked(train(epoch)).join())).size).toBeGreaterThan(2);
  });
});

describe('parameters in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tass-parameters-'));
  const file = join(folder, 'best.safetensors');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('come back with every value, and answer the same', async () => {
    const { parameters: initial } = network();
    const parameters = withParameters(initial, new Map([...namedParameters(initial)].map(([name, tensor]) => [name, tf.add(tensor, 0.1)])));
    writeParameters(file, namedParameters(parameters), { epoch: 3 });
    const { arrays, state } = readCheckpoint(file);
    expect(state).toEqual({ epoch: 3 });
    const named = likeParameters(file, arrays, network().parameters);
    const restored = withParameters(parameters, named);
    const answers = async (of: typeof parameters) => [...(await predict(step(), of, questions, source))];
    expect(await answers(restored)).toEqual(await answers(parameters));
    expect(await answers(restored)).not.toEqual(await answers(initial));
  });

  it('of another network are refused', () => {
    expect(() => likeParameters(file, readCheckpoint(file).arrays, network(8).parameters)).toThrow(
      /best\.safetensors: of another network than the one configured: \d+ other shapes/,
    );
  });
});
