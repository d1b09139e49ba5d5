import type { Explanation, Look } from './explanation';
import { sampleExplanation } from './fixtures/sample-explanation';
import { noticesOf } from './notices';

const sample = sampleExplanation();
const [look] = sample.looks;
const quiet: Look = { ...look, counterfactuals: [], words: look.words.map((word) => ({ ...word, known: true })) };
const noticesWith = (changes: Partial<Look>, others: Partial<Explanation> = {}): readonly string[] =>
  noticesOf({ ...sample, ...others, looks: [{ ...quiet, ...changes }] });
const answers = (probability: number) => [
  { answer: 'two', probability },
  { answer: 'one', probability: 1 - probability },
];

it('says nothing of a look that nothing is to be said of', () => expect(noticesWith({})).toEqual([]));

it('names maps and attention that are nearly uniform, by their normalised entropy', () => {
  const segment = (bump: number): number[] => [0.25 + bump, 0.25 - bump, 0.25, 0.25];
  const map = (bump: number) => ({ kind: 'text' as const, threshold: null, shares: sample.video.segments.map(() => segment(bump)) });
  const grid = { rows: 2, columns: 2 };
  expect(noticesWith({ grid, maps: [map(0)] })).toEqual([
    'The network: the text map is nearly uniform (normalised entropy 1.000): it hardly says where it looks.',
  ]);
  expect(noticesWith({ grid, maps: [map(0.2)] })).toEqual([]); // 0.91
  const attention = [{ modality: 'audio' as const, mean: look.attention[0].mean.map(() => 0.1), heads: [], uniformOfHead: 0.1 }];
  expect(noticesWith({ attention })).toEqual([
    'The network: the audio attention is nearly uniform (normalised entropy 1.000): it hardly says when.',
  ]);
});

it('says which modality the answer does not need, and not of other alterations', () => {
  const altered = (kind: 'no-sound' | 'no-picture' | 'shuffled-segments', probability: number) => ({
    kind,
    name: kind,
    method: null,
    answers: answers(probability),
  });
  expect(
    noticesWith(
      { answers: answers(0.7), counterfactuals: [altered('no-sound', 0.64), altered('shuffled-segments', 0.7)] },
      { prior: null },
    ),
  ).toEqual(['The network gives the same answer without the sound: “two” (70 % with, 64 % without).']);
  const moved = { ...altered('no-picture', 0.2), answers: [...answers(0.2)].reverse() };
  expect(noticesWith({ answers: answers(0.7), counterfactuals: [moved] })).toEqual([]);
});

it('says where taking away what it attends to costs no more than random', () => {
  const curve = {
    part: 'seconds' as const,
    removed: [0, 0.5, 1],
    deletion: [0.6, 0.5, 0.2],
    random: [
      [0.6, 0.3, 0.2],
      [0.6, 0.4, 0.2],
    ],
  };
  expect(noticesWith({ curves: [curve] })).toEqual([
    'The network: taking away the most attended seconds costs the answer no more than taking away random ones.',
  ]);
  expect(noticesWith({ curves: [{ ...curve, deletion: [0.6, 0.3, 0.2] }] })).toEqual([]);
});

it('says what is absent, what was never seen, that a counting rule says the same, and what the explanation adds; by name where there are two', () => {
  const absent = { maps: 'This network reads no regions.' };
  const video = { ...sample.video, absent: { frames: 'The features are here, the frames are not.' } };
  const prior = { rule: 'the most frequent answer', answer: 'two', share: 0.3 };
  const words = [{ text: 'tuba', weight: null, known: false }];
  expect(noticesWith({ absent, words }, { video, prior, notices: ['Another world.'] })).toEqual([
    'The features are here, the frames are not.',
    'This network reads no regions.',
    'The network never saw “tuba” in training.',
    'A rule that only counts answers, and sees and hears nothing, gives the same answer as the network.',
    'Another world.',
  ]);
  const other = { ...quiet, run: { ...quiet.run, name: 'b' } };
  expect(
    noticesOf({
      ...sample,
      looks: [
        { ...quiet, absent },
        { ...other, words },
      ],
    }),
  ).toEqual(['tass-small: This network reads no regions.', 'b never saw “tuba” in training.']);
});
