import { ANSWERS, Vocabulary, type Question } from '@tass/dataset-music-avqa';
import { areasOf, meanOf, type CurveOrder } from '@tass/evaluation';
import type { FeatureStore } from '@tass/feature-store';
import type { BuiltNetwork, NetworkBatch } from '@tass/network';
import { tf, useEngine } from '@tass/tensor';
import { experiment } from '../fixtures/experiment';
import { questions } from '../fixtures/questions';
import type { BatchSource } from '../load-batch';
import { blanksOf } from './blanks';
import { measureCurves } from './measure-curves';

beforeAll(() => useEngine({ backend: 'cpu' }));

// A video's answer is heard in one of its five seconds and seen in one of the five regions of that second; which ones follows from its name.
const [time, regions] = [5, 5];
const shapes: Record<string, number[]> = { frame: [time, 1], patch: [time, regions, 1], audio: [time, 1] };
const placeOf = (video: string): number => video.charCodeAt(0) % time;
const features = {
  describe: (field: string) => ({ axes: [], shape: shapes[field] }),
  read(field: string, videos: readonly string[]) {
    const size = shapes[field].reduce((product, axis) => product * axis);
    const values = new Float32Array(videos.length * size);
    videos.forEach((video, at) => {
      if (video === 'silent' || field === 'frame') return;
      values[at * size + (field === 'audio' ? placeOf(video) : placeOf(video) * regions + ((placeOf(video) + 2) % regions))] = 1;
    });
    return values;
  },
} as unknown as FeatureStore;
const source: BatchSource = {
  ...{ vocabulary: Vocabulary.fromQuestions(questions), words: 10, sentences: undefined, features },
  needed: { video: true, audio: true, text: false },
};
const silent = [{ ...questions[0], videoId: 'silent' }] as Question[];

/** Its first answer gets a logit of 4 by the sound and 2 by the picture; it looks at both where they are, with two heads that differ. */
const seeing = (sign: number): BuiltNetwork => ({
  ...{ name: 'probe', losses: [], optionalLosses: [], interventions: [], mapThreshold: 1, parameters: {} },
  forward: (_, { audio, regions: seen }: NetworkBatch) =>
    tf.tidy(() => {
      const videos = audio!.shape[0];
      const score = tf.add(tf.mul(tf.sum(audio!, [1, 2]), 4), tf.mul(tf.sum(seen!, [1, 2, 3]), 2));
      const heard = tf.softmax(tf.mul(tf.reshape(audio!, [videos, 1, 1, time]), sign * 9));
      const byHead = tf.concat([tf.fill([videos, 1, 1, time], 1 / time), heard], 2) as tf.Tensor4D;
      return {
        logits: tf.pad(tf.reshape(score, [videos, 1, 1]), [[0, 0], [0, 0], [0, ANSWERS.length - 1]]) as tf.Tensor3D, // prettier-ignore
        attentionByHead: { audio: byHead },
        attention: { audio: tf.mean(byHead, 2) as tf.Tensor3D },
        grounding: { map: tf.softmax(tf.mul(tf.reshape(seen!, [videos, 1, time, regions]), sign * 9)) as tf.Tensor4D },
      };
    }),
});
const p = (logit: number): number => Math.exp(logit) / (Math.exp(logit) + ANSWERS.length - 1);
const measured = (network = seeing(1)) => measureCurves(experiment, questions, silent, source, network, {});

it('takes the most attended away first, on a case worked out by hand', async () => {
  const before = tf.memory().numTensors;
  const { curves, questions: sample } = await measured();
  expect(tf.memory().numTensors).toBe(before);
  expect(sample).toEqual(questions);
  const of = (part: 'seconds' | 'regions', order: CurveOrder): number[] => curves[part]![order].map(meanOf);
  const near = (values: number[]): unknown => values.map((value): unknown => expect.closeTo(value, 5));
  expect(of('seconds', 'deletion')).toEqual(near([p(6), p(0), p(0), p(0), p(0), p(0)])); // its second goes first
  expect(of('seconds', 'insertion')).toEqual(near([p(0), p(6), p(6), p(6), p(6), p(6)]));
  expect(of('regions', 'deletion')).toEqual(near([p(6), p(4), p(4), p(4), p(4), p(4)])); // the sound stays
  expect(of('regions', 'insertion')).toEqual(near([p(4), p(6), p(6), p(6), p(6), p(6)]));
  for (const part of ['seconds', 'regions'] as const) {
    const random = of(part, 'random');
    expect([random[0], random[5]]).toEqual([of(part, 'deletion')[0], of(part, 'deletion')[5]]);
    expect([...random].sort((a, b) => b - a)).toEqual(random); // what was taken away stays away
    expect(random[3]).toBeGreaterThan(of(part, 'deletion')[3]);
  }
  const areas = areasOf(curves);
  expect(meanOf(areas['seconds/deletion'])).toBeCloseTo((p(6) / 2 + 4 * p(0) + p(0) / 2) / 5, 5);
});

it('takes it away last where the network looks away from it', async () => {
  const { curves } = await measured(seeing(-1));
  expect(curves.seconds!.deletion.map(meanOf).slice(0, 5)).toEqual(Array(5).fill(expect.closeTo(p(6), 5)));
});

it('gives the same figures again', async () => expect(await measured()).toEqual(await measured()));

it('measures no part of which the network does not say how it looks at it', async () => {
  const blind = {
    ...seeing(1),
    forward: (...words: Parameters<BuiltNetwork['forward']>) => ({ logits: seeing(1).forward(...words).logits }),
  };
  expect((await measured(blind)).curves).toEqual({});
});

it('makes blanks of the mean over training videos', () => {
  const blanks = blanksOf(source, [...silent, { ...silent[0], videoId: 'a' }]);
  expect(blanks.audio).toEqual(Float32Array.of(0.1)); // 1 of 2 x 5 seconds
  expect(blanks.regions![0]).toBeCloseTo(1 / 50, 6);
  expect(blanks.frames).toEqual(Float32Array.of(0));
});
