import { seededRandom } from '@tass/dataset-music-avqa';
import { ranked } from './shares';
import { canTell, OtherVideos, TIME_MEASURES, timeMeasures } from './time';

const flags = (text: string): boolean[] => [...text].map((flag) => flag === '1');

it('takes questions whose needed seconds cover at most half of the video', () => {
  expect([undefined, flags('0000'), flags('1000'), flags('0110'), flags('1110')].map(canTell)).toEqual([false, false, true, true, false]);
});

it('holds the share of attention on needed seconds against that of a uniform one', () => {
  const { share, ratio } = TIME_MEASURES;
  expect(share(ranked([0.1, 0.6, 0.2, 0.1]), flags('0110'))).toBeCloseTo(0.8, 12);
  expect(ratio(ranked([0.1, 0.6, 0.2, 0.1]), flags('0110'))).toBeCloseTo(1.6, 12);
});

it('has the mean over the other videos of the group, each question of them once', () => {
  const questions = [
    { group: 'a', videoId: 'v1', needed: flags('1000') },
    { group: 'a', videoId: 'v1', needed: flags('0001') },
    { group: 'a', videoId: 'v2', needed: flags('0110') },
    { group: 'a', videoId: 'v3', needed: flags('0110') },
    { group: 'a', videoId: 'v3', needed: flags('0010') },
    { group: 'b', videoId: 'v4', needed: flags('1000') },
  ];
  const others = new OtherVideos(questions);
  const attention = ranked([0.4, 0.3, 0.2, 0.1]);
  expect(others.mean('share', attention, questions[0])).toBeCloseTo((0.5 + 0.5 + 0.2) / 3, 12);
  expect(others.mean('share', attention, questions[2])).toBeCloseTo((0.4 + 0.1 + 0.5 + 0.2) / 4, 12);
  expect(others.mean('hit', attention, questions[3])).toBeCloseTo(1 / 3, 12);
  expect(others.mean('share', attention, questions[5])).toBeNaN();
});

describe('over many videos', () => {
  const random = seededRandom(3);
  const time = 10;
  const questions = Array.from({ length: 400 }, (_, index) => {
    const [start, length] = [Math.floor(random.next() * 6), 1 + Math.floor(random.next() * 5)];
    return {
      group: `${index % 2}`,
      videoId: `${index >> 2}`,
      needed: Array.from({ length: time }, (__, at) => at >= start && at < start + length),
    };
  });
  const others = new OtherVideos(questions);
  const gain = (measure: (typeof timeMeasures)[number], attentionOf: (index: number) => number[]): number =>
    questions.reduce((sum, question, index) => {
      const attention = ranked(attentionOf(index));
      return sum + (TIME_MEASURES[measure](attention, question.needed) - others.mean(measure, attention, question)) / questions.length;
    }, 0);
  const truthOf = (index: number): number[] => questions[index].needed.map(Number);

  it.each(timeMeasures)('%s: the truth gains, a uniform attention and a fixed profile gain nothing', (measure) => {
    expect(gain(measure, truthOf)).toBeGreaterThan(0.25);
    expect(Math.abs(gain(measure, () => new Array(time).fill(0.1)))).toBeLessThan(0.01);
    expect(Math.abs(gain(measure, () => [0, 1, 2, 4, 5, 5, 4, 2, 1, 0]))).toBeLessThan(0.01);
  });

  it.each(timeMeasures)('%s: the truth of another video gains nothing', (measure) => {
    expect(Math.abs(gain(measure, (index) => truthOf((index + 40) % 400)))).toBeLessThan(measure === 'ratio' ? 0.15 : 0.05);
  });
});
