import { Pace } from './pace';

let milliseconds = 0;
const now = (): number => milliseconds;
const after = (seconds: number): void => void (milliseconds += 1000 * seconds);
beforeEach(() => (milliseconds = 5000));

it('knows no rate and no time left in the first two seconds', () => {
  const pace = new Pace(100, { now });
  expect([pace.perSecond, pace.secondsLeft, pace.meanPerSecond]).toEqual([undefined, undefined, undefined]);
  after(1.9);
  pace.update(1);
  expect([pace.perSecond, pace.secondsLeft]).toEqual([undefined, undefined]);
  after(0.1);
  expect(pace.perSecond).toBeCloseTo(1 / 1.9);
});

it('weighs what is 20 seconds old by half', () => {
  const pace = new Pace(200, { now });
  after(10);
  pace.update(40); // 4 a second
  expect([pace.perSecond, pace.secondsLeft, pace.secondsSpent]).toEqual([4, 40, 10]);
  after(20);
  pace.update(60); // then 1 a second: (40 / 2 + 20) / (10 / 2 + 20) = 1.6; over all it is 2
  expect(pace.perSecond).toBeCloseTo(1.6);
  expect(pace.secondsLeft).toBeCloseTo(140 / 1.6);
  expect(pace.meanPerSecond).toBeCloseTo(2);
});

it('weighs a piece that takes minutes as one of the last five', () => {
  const pace = new Pace(20, { now });
  for (const seconds of [60, 60, 60, 60, 60, 300]) {
    after(seconds);
    pace.update(pace.done + 1);
  }
  const kept = [0, 1, 2, 3, 4, 5].map((pieces) => 0.5 ** (pieces / 5));
  const sum = kept.reduce((total, each) => total + each);
  expect(pace.perSecond).toBeCloseTo(sum / (60 * (sum - 1) + 300), 10);
});

it('counts down between two pieces by no more than one takes', () => {
  const pace = new Pace(4, { now });
  after(10);
  pace.update(1);
  const left = [0, 4, 6, 100].map((seconds) => {
    after(seconds);
    return pace.secondsLeft;
  });
  expect(left).toEqual([30, 26, 20, 20]);
  pace.update(4);
  expect(pace.secondsLeft).toBe(0);
});

it('leaves out of the rate what was there before, and counts the time from when the work began', () => {
  const pace = new Pace(100, { now, done: 80, started: 3000 });
  after(3);
  pace.update(90);
  expect([pace.perSecond, pace.secondsLeft, pace.secondsSpent]).toEqual([2, 5, 5]);
});

it('leaves out of the rate what is found to have been there before', () => {
  const pace = new Pace(100, { now });
  for (const kept of [20, 40, 50]) {
    after(1);
    pace.update(kept, kept);
  }
  expect([pace.done, pace.perSecond, pace.meanPerSecond]).toEqual([50, undefined, undefined]);
  after(7);
  pace.update(60, 50);
  expect([pace.perSecond, pace.secondsLeft, pace.meanPerSecond]).toEqual([1, 40, 1]);
});

it('begins anew where a piece is taken back, as a file that is fetched again', () => {
  const pace = new Pace(10, { now });
  after(4);
  pace.update(8);
  pace.update(0);
  expect([pace.done, pace.perSecond, pace.secondsLeft]).toEqual([0, 2, 5]);
});
