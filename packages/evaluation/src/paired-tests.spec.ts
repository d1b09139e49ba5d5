import type { Question } from '@tass/dataset-music-avqa';
import { bootstrapOverVideos, holm, mcnemar } from './index';

describe('McNemar, exact', () => {
  it.each([
    [1, 9, 22 / 1024], // 2 (1 + 10) / 2^10
    [9, 1, 22 / 1024],
    [0, 6, 2 / 64],
    [2, 5, 58 / 128], // 2 (1 + 7 + 21) / 2^7
    [3, 4, 1], // 2 (1 + 7 + 21 + 35) / 2^7 = 1
    [5, 5, 1],
    [0, 0, 1],
    [0, 1, 1],
  ])('of %i against %i is %d', (first, second, p) => {
    expect(mcnemar(first, second)).toBeCloseTo(p, 14);
  });

  it.each([
    [400, 500],
    [2000, 2170],
    [4500, 4629],
    [20, 300],
  ])('of %i against %i equals the sum in whole numbers', (first, second) => {
    const trials = first + second;
    let term = 1n;
    let tail = 1n;
    for (let successes = 1; successes <= Math.min(first, second); successes++) {
      term = (term * BigInt(trials - successes + 1)) / BigInt(successes);
      tail += term;
    }
    const exact = Number((2n * tail * 10n ** 90n) / 2n ** BigInt(trials)) / 1e90;
    expect(Math.abs(mcnemar(first, second) / exact - 1)).toBeLessThan(1e-9);
  });

  it('does not break down where p is too small for a number', () => {
    expect(mcnemar(0, 9129)).toBe(0);
  });

  it.each([-1, 0.5, NaN])('refuses a count of %d', (count) => {
    expect(() => mcnemar(3, count)).toThrow(`mcnemar: a count is ${count}, expected a whole number from 0`);
  });
});

describe('Holm', () => {
  it('multiplies the k-th smallest of m by m - k + 1, never falling, at most 1', () => {
    // sorted .01 .02 .03 .04: .04 .06 .06 .06
    expect(holm([0.04, 0.01, 0.03, 0.02]).map((p) => p.toFixed(10))).toEqual([0.06, 0.04, 0.06, 0.06].map((p) => p.toFixed(10)));
    expect(holm([0.75, 0.625, 0.125])).toEqual([1, 1, 0.375]);
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });
});

describe('bootstrap over videos', () => {
  const question = (id: number, videoId: string): Question => ({ id, videoId, type: 0, answer: 0, text: '', words: [], template: '' });
  /** `videos` videos with `each` questions each. */
  const list = (videos: number, each: number): Question[] =>
    Array.from({ length: videos * each }, (_, id) => question(id, `v${Math.floor(id / each)}`));

  it('has the standard error of the mean over videos, not over questions', () => {
    // Of 400 videos with 5 questions the second wins all 5 in one half and none in the other: +50 points, error of a coin over 400 videos.
    const questions = list(400, 5);
    const second = Int32Array.from(questions, (_, id) => (Math.floor(id / 5) % 2 === 0 ? 1 : 0));
    const { difference, low, high, p } = bootstrapOverVideos(questions, new Int32Array(2000), second, { seed: 1, resamples: 4000 });
    expect(difference).toBe(50);
    const width = 2 * 1.96 * 100 * Math.sqrt(0.25 / 400); // 9.8 points; over 2,000 questions it would be 4.4
    expect(high - low).toBeGreaterThan(0.93 * width);
    expect(high - low).toBeLessThan(1.07 * width);
    expect(p).toBeCloseTo(2 / 4001, 12);
  });

  it('sees no difference between equals, and no certainty in one', () => {
    const questions = list(30, 2);
    const marks = Int32Array.from(questions, (_, id) => id % 2);
    const same = bootstrapOverVideos(questions, marks, marks, { seed: 1, resamples: 200 });
    expect(same).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
    const other = marks.map((mark, id) => (id < 30 ? 1 - mark : mark)); // right and wrong change places within videos
    expect(bootstrapOverVideos(questions, marks, other, { seed: 1, resamples: 200 })).toEqual(same);
  });

  it('changes sign with the order of the two, and is the same for the same seed only', () => {
    const questions = list(40, 1);
    const first = Int32Array.from(questions, (_, id) => Number(id % 3 === 0));
    const second = Int32Array.from(questions, (_, id) => Number(id % 2 === 0));
    const run = (seed: number, a = first, b = second) => bootstrapOverVideos(questions, a, b, { seed, resamples: 500 });
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
    const back = run(3, second, first);
    expect(back.difference).toBe(-run(3).difference);
    expect(back.p).toBe(run(3).p);
    expect(back.low).toBeCloseTo(-run(3).high, 10);
  });

  it('refuses marks that are not one a question, and no question at all', () => {
    expect(() => bootstrapOverVideos(list(2, 1), new Int32Array(2), new Int32Array(3), { seed: 1 })).toThrow(
      '2 questions with 2 and 3 marks',
    );
    expect(() => bootstrapOverVideos([], new Int32Array(0), new Int32Array(0), { seed: 1 })).toThrow('0 questions');
    expect(() => bootstrapOverVideos(list(1, 1), new Int32Array(1), new Int32Array(1), { seed: 1, resamples: 0 })).toThrow(
      'resamples is 0',
    );
  });
});
