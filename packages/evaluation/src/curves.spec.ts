import { areaUnder, byWeight, curveGains, formatCurves, sampledQuestions } from './curves';
import { question } from './fixtures/questions';

it('takes the area by trapezoids: a line from 1 to 0 has a half', () => {
  expect(areaUnder([1, 0.5, 0])).toBe(0.5);
  expect(areaUnder([1, 0, 0])).toBe(0.25);
});

it('puts the greatest weight first, and equals in their own order', () => expect(byWeight([0.1, 0.3, 0.3, 0.2])).toEqual([1, 2, 3, 0]));

describe('a sample of the questions', () => {
  // 6 of video a, 2 of b, 1 of c
  const questions = [...'aaabaacab'].map((video, id) => question(id, video));
  const videosOf = (most: number): string => sampledQuestions(questions, most, 1).map(({ videoId }) => videoId).sort().join(''); // prettier-ignore
  it('takes one of each video before a second one', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((most) => videosOf(most).length)).toEqual([1, 2, 3, 4, 5, 6, 9]);
    expect(videosOf(3)).toBe('abc');
    expect(videosOf(5)).toBe('aabbc');
    expect(videosOf(7)).toBe('aaaabbc');
  });
  it('is the same for the same questions, in their order', () => {
    expect(sampledQuestions(questions, 5, 1)).toEqual(sampledQuestions(questions, 5, 1));
    expect(sampledQuestions(questions, 20, 1)).toEqual(questions);
  });
});

describe('gains', () => {
  const questions = Array.from({ length: 40 }, (_, id) => question(id, `video ${id}`));
  const of = (value: (at: number) => number): Float64Array => Float64Array.from(questions, (_, at) => value(at));
  const areas = {
    'seconds/deletion': of(() => 0.3),
    'seconds/insertion': of((at) => 0.4 + (at % 2) / 10),
    'seconds/random': of(() => 0.4),
  };
  const gains = curveGains(areas, questions, { resamples: 200, seed: 1 });

  it('hold each order against random order, over videos', () => {
    expect(Object.keys(gains)).toEqual(['seconds/deletion', 'seconds/insertion']);
    expect(gains['seconds/deletion']).toMatchObject({ mean: expect.closeTo(0.3, 10), against: expect.closeTo(0.4, 10) });
    expect(gains['seconds/deletion'].gain.mean).toBeCloseTo(-0.1, 10);
    expect(gains['seconds/deletion'].gain.p).toBeLessThan(0.02);
    const { mean, low, high } = gains['seconds/insertion'].gain;
    expect(mean).toBeCloseTo(0.05, 10);
    expect([low, high].map((bound) => Math.sign(bound - mean))).toEqual([-1, 1]);
  });

  it('are no surer than so many coins as there are videos that differ', () => {
    const few = Object.fromEntries(Object.entries(areas).map(([id, values]) => [id, values.subarray(0, 5)]));
    expect(curveGains(few, questions.slice(0, 5), { resamples: 2000, seed: 1 })['seconds/deletion'].gain.p).toBe(2 ** -4);
  });

  it('are shown next to the mean curves', () => {
    const curve = [0.5, 0.4, 0.3, 0.2, 0.1, 0].map((value) => of(() => value));
    const text = formatCurves({ seconds: { deletion: curve, insertion: curve, random: curve } }, gains);
    expect(text).toMatch(/^seconds, deletion +50\.00 +40\.00 +30\.00 +20\.00 +10\.00 +0\.00 \| +25\.00 +-10\.00/m);
    expect(text).toMatch(/^seconds, random .*\| +25\.00$/m);
  });
});
