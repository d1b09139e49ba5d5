import { ANSWERS } from '@tass/dataset-music-avqa';
import type { Counterfactual, DeletionCurve } from '@tass/question-page';
import { tf, useEngine } from '@tass/tensor';
import { looking, probeRun, questions, source, time } from './fixtures/probe-run';
import { lookAt } from './look';
import { loadRows } from './rows';

beforeAll(() => useEngine({ backend: 'cpu' }));

const p = (logit: number): number => Math.exp(logit) / (Math.exp(logit) + ANSWERS.length - 1);
const near = (values: readonly number[]): unknown => values.map((value): unknown => expect.closeTo(value, 5));
const firstOf = ({ answers }: Pick<Counterfactual, 'answers'>): number => answers.find(({ answer }) => answer === ANSWERS[0])!.probability;

it('gives the answers, attention, maps and words of the network, and leaves no tensor behind', async () => {
  const run = probeRun();
  const before = tf.memory().numTensors;
  const [look, other] = await lookAt(run, questions);
  expect(tf.memory().numTensors).toBe(before);
  expect(look.answers).toHaveLength(ANSWERS.length);
  expect(look.answers[0]).toEqual({ answer: ANSWERS[0], probability: expect.closeTo(p(18), 5) }); // 4 x 4 by the sound, 2 by the picture
  expect(other.answers[0].probability).toBeCloseTo(p(6), 5);
  const outputs = tf.tidy(() => {
    const { attention, attentionByHead, grounding } = looking(loadRows(questions, source).inputs);
    return [attention!.visual!, attentionByHead!.audio!, grounding!.textMap!, grounding!.map!].map((tensor) => tensor.arraySync());
  });
  const [visual, audioByHead, textMap, map] = outputs as [number[][][], number[][][][], number[][][][], number[][][][]];
  for (const [at, one] of [look, other].entries()) {
    expect(one.attention.map(({ modality }) => modality)).toEqual(['visual', 'audio']);
    expect(one.attention[0].mean).toEqual(near(visual[at][0]));
    expect(one.attention[1].heads).toEqual(audioByHead[at][0].map(near));
    expect(one.maps.map(({ kind }) => kind)).toEqual(['text', 'pooled']);
    expect(one.maps[0].shares).toEqual(textMap[at][0].map(near));
    expect(one.maps[1].shares).toEqual(map[at][0].map(near));
  }
  expect(look.attention[0].uniformOfHead).toBe(1 / (2 * time)); // a head looks at both
  expect(look.maps.map(({ threshold }) => threshold)).toEqual([0.8 / 4, null]); // the one map that pools, and what is left of it
  expect(look.grid).toEqual({ rows: 2, columns: 2 });
  expect(look.words.map(({ text, weight, known }) => [text, weight, known])).toEqual([
    ['is', 0.1, true],
    ['the', 0.2, true],
    ['cello', 0.6, true],
    ['heard', 0.1, true],
  ]);
  expect(look.run).toMatchObject({ name: run.record.manifest.id, network: 'probe', seed: 3 });
  expect(look.absent).toEqual({});
});

it('gives nothing of features that turn out to be damaged', async () => {
  const run = probeRun();
  const features = { verified: () => Promise.reject(new Error('shard 3 is damaged')) } as unknown as NonNullable<typeof run.data.features>;
  await expect(lookAt({ ...run, data: { ...run.data, features } }, questions, { source })).rejects.toThrow('shard 3 is damaged');
});

it('answers altered inputs as the network does, worked out by hand', async () => {
  const [look, other] = await lookAt(probeRun(), questions);
  expect(look.counterfactuals.map(({ kind, name }) => [kind, name])).toEqual([
    ['no-sound', 'Sound muted'],
    ['no-picture', 'Picture blanked'],
    ['shuffled-segments', 'Segments shuffled'],
    ['other-target', '“cello” replaced by “tuba”'],
  ]);
  const [muted, blanked, shuffled, tuba] = look.counterfactuals;
  const order = /in the order ([\d, ]+)\./.exec(shuffled.method!)![1].split(', ').map(Number);
  expect([...order].sort()).toEqual([1, 2, 3, 4, 5]);
  expect(order).not.toEqual([1, 2, 3, 4, 5]);
  const place = order.indexOf(4) + 1; // where the second that sounds comes to
  expect([muted, blanked, shuffled, tuba].map(firstOf)).toEqual(near([p(2), p(16), p(4 * place + 2), p(21)]));
  expect(tuba.method).toBe('The question becomes: is the tuba heard?');
  expect(other.counterfactuals.map(({ kind }) => kind)).toEqual(['no-sound', 'no-picture', 'shuffled-segments']); // it names no instrument
  expect(firstOf(other.counterfactuals[0])).toBeCloseTo(p(2), 5);
});

it('takes away what is attended to most, worked out by hand', async () => {
  const [, look] = await lookAt(probeRun(), questions); // heard in second 0, seen in second 4
  const [seconds, regions] = look.curves as [DeletionCurve, DeletionCurve];
  expect([seconds.part, regions.part]).toEqual(['seconds', 'regions']);
  expect(seconds.removed).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(seconds.deletion).toEqual(near([p(6), p(2), p(0), p(0), p(0), p(0)])); // of two seconds with equal shares the first
  expect(regions.deletion).toEqual(near([p(6), p(4), p(4), p(4), p(4), p(4)])); // the sound stays
  for (const { deletion, random } of [seconds, regions]) {
    expect(random).toHaveLength(5);
    for (const draw of random) {
      expect([draw[0], draw[5]]).toEqual([deletion[0], deletion[5]]);
      expect([...draw].sort((a, b) => b - a)).toEqual(draw); // what was taken away stays away
    }
  }
  expect(new Set(seconds.random.map(String)).size).toBeGreaterThan(1);
});

it('gives the same figures again, however many questions it is asked at once', async () => {
  const both = await lookAt(probeRun(), questions);
  for (const [at, question] of questions.entries()) expect(await lookAt(probeRun(), [question])).toEqual([both[at]]);
});

it('says what a network does not give', async () => {
  const [look] = await lookAt(
    probeRun((batch) => {
      const { logits, attention } = looking(batch);
      return { logits, attention: { audio: attention!.audio } };
    }),
    questions,
  );
  expect(Object.keys(look.absent)).toEqual(['maps', 'words']);
  expect(look.attention.map(({ modality, heads, uniformOfHead }) => [modality, heads, uniformOfHead])).toEqual([['audio', [], 1 / time]]);
  expect(look.curves.map(({ part }) => part)).toEqual(['seconds']);
});

it('refuses a network that looks at nothing', async () => {
  const before = tf.memory().numTensors;
  const blind = probeRun((batch) => ({ logits: tf.clone(looking(batch).logits) }));
  await expect(lookAt(blind, questions)).rejects.toThrow(
    'runs/probe/20260101-000000-seed3-abcdef: its network (probe) has neither attention in time nor maps, so there is nothing to show. Explain a run of another network',
  );
  expect(tf.memory().numTensors).toBe(before);
});
