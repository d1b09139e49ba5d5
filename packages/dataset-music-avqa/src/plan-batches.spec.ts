import { join } from 'node:path';
import { type Batch, MASKED, type Question, groupByVideo, planBatches, readAnnotations, seededRandom } from './index';
import type { RandomSource } from './random';

const [example] = readAnnotations(join(__dirname, '../fixtures/avqa-val.json')).questions;
/** Questions of videos a, b, c, ... with so many questions each, one question of every video in turn. */
function questionsOf(...counts: number[]): Question[] {
  const turns = Array.from({ length: Math.max(...counts) }, (_, turn) => counts.flatMap((count, video) => (turn < count ? [video] : [])));
  return turns.flat().map((video, id) => ({ ...example, id, videoId: String.fromCharCode(97 + video) }));
}
const visited = (batches: readonly Batch[]): number[] =>
  batches.flatMap(({ questionIndex }) => [...questionIndex].filter((index) => index !== MASKED));

it('groups positions by video', () => {
  expect([...groupByVideo(questionsOf(2, 1, 3))]).toEqual([
    ['a', [0, 3]],
    ['b', [1]],
    ['c', [2, 4, 5]],
  ]);
});

it('makes the batches worked out by hand', () => {
  // a: 0 4 7 9 10 in parts of 2 and 3 (at most 3), b: 1, c: 2 5, d: 3 6 8. By size: a3, d3 fill a batch of 6, then a2, c2, b1.
  const { batches, fill } = planBatches(questionsOf(5, 1, 2, 3), { questionsPerBatch: 6, questionsPerVideo: 3 });
  expect(batches).toEqual([
    { videoIds: ['a', 'd'], questionsPerVideo: 3, questionIndex: Int32Array.of(7, 9, 10, 3, 6, 8) },
    { videoIds: ['a', 'c', 'b'], questionsPerVideo: 2, questionIndex: Int32Array.of(0, 4, 2, 5, 1, MASKED) },
  ]);
  expect(fill).toBeCloseTo(11 / 12, 12);
});

it('takes as many more videos as they have fewer questions, up to a number of them', () => {
  const videos = (videosPerBatch?: number) =>
    planBatches(questionsOf(4, 4, 4, ...new Array<number>(20).fill(1)), {
      questionsPerBatch: 12,
      questionsPerVideo: 4,
      videosPerBatch,
    }).batches.map(({ videoIds }) => videoIds.length);
  expect(videos()).toEqual([3, 12, 8]);
  expect(videos(10)).toEqual([3, 10, 10]);
});

describe('for any counts', () => {
  const counts = [1, 7, 2, 2, 5, 1, 3, 11, 1, 4, 2, 8, 1];
  const questions = questionsOf(...counts);
  const sizes = [1, 2, 4, 16].flatMap((questionsPerVideo) =>
    [1, 2, 3, 20].map((times) => ({ questionsPerBatch: times * questionsPerVideo, questionsPerVideo, videosPerBatch: 2 + times })),
  );

  it.each(sizes)('visits every question once within %j', (size) => {
    for (const random of [undefined, seededRandom(3)]) {
      const { batches, fill } = planBatches(questions, { ...size, random });
      expect(visited(batches).sort((a, b) => a - b)).toEqual(questions.map((_, index) => index));
      for (const { videoIds, questionsPerVideo, questionIndex } of batches) {
        expect(videoIds.length).toBeLessThanOrEqual(size.videosPerBatch);
        expect(questionsPerVideo).toBeLessThanOrEqual(size.questionsPerVideo);
        expect(questionIndex.length).toBeLessThanOrEqual(size.questionsPerBatch);
        expect(new Set(videoIds).size).toBe(videoIds.length);
        expect(questionIndex).toHaveLength(videoIds.length * questionsPerVideo);
        questionIndex.forEach((index, slot) => {
          if (index !== MASKED) expect(questions[index].videoId).toBe(videoIds[Math.floor(slot / questionsPerVideo)]);
        });
      }
      expect(fill).toBeCloseTo(questions.length / batches.reduce((sum, { questionIndex }) => sum + questionIndex.length, 0), 12);
    }
  });

  it('is the same for the same seed, another for another, and fixed without one', () => {
    const order = (seed?: number) =>
      visited(
        planBatches(questions, { questionsPerBatch: 12, questionsPerVideo: 4, random: seed === undefined ? undefined : seededRandom(seed) })
          .batches,
      );
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
    expect(order()).toEqual(order());
  });

  it('shuffles the batches, so that a training epoch does not run from many questions a video to few', () => {
    const sizes = (random?: RandomSource) =>
      planBatches(questions, { questionsPerBatch: 16, questionsPerVideo: 8, random }).batches.map(
        ({ questionsPerVideo }) => questionsPerVideo,
      );
    const falling = sizes();
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    expect(sizes(seededRandom(1))).not.toEqual(falling);
  });

  it('shuffles which questions of a video go together', () => {
    const parts = (seed: number) =>
      planBatches(questionsOf(6), { questionsPerBatch: 3, questionsPerVideo: 3, random: seededRandom(seed) }).batches.map(
        ({ questionIndex }) => [...questionIndex].sort().join(),
      );
    expect(new Set(Array.from({ length: 20 }, (_, seed) => parts(seed).sort().join(' '))).size).toBeGreaterThan(5); // of 10 ways
  });
});

it('gives a last batch of one video a companion', () => {
  const sizes = planBatches(questionsOf(1, 1, 1, 1, 1, 1, 1), { questionsPerBatch: 3, questionsPerVideo: 1 }).batches.map(
    ({ videoIds }) => videoIds.length,
  );
  expect(sizes).toEqual([3, 2, 2]);
});

it('plans nothing for no questions', () => {
  expect(planBatches([], { questionsPerBatch: 2, questionsPerVideo: 2 })).toEqual({ batches: [], fill: 1 });
});

it.each([
  [{ videosPerBatch: 0 }, 'videosPerBatch is 0, expected a positive integer'],
  [{ questionsPerVideo: 1.5 }, 'questionsPerVideo is 1.5, expected a positive integer'],
  [{ questionsPerBatch: NaN }, 'questionsPerBatch is NaN, expected a positive integer'],
  [{ questionsPerVideo: 5 }, 'questionsPerVideo is 5, expected at most questionsPerBatch, 4'],
])('refuses %j', (wrong, message) => {
  expect(() => planBatches(questionsOf(1), { questionsPerBatch: 4, questionsPerVideo: 2, ...wrong })).toThrow(`planBatches: ${message}`);
});
