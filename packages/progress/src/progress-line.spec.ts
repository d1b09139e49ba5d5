import { barLine, clock, progressLine, rateText } from './progress-line';

const work = { label: 'epoch 3/10', unit: 'batches' };
const figures = { done: 120, total: 400, perSecond: 12.34, secondsSpent: 10.2, secondsLeft: 22.7 };

it('says how much, how fast, how long and how long still', () => {
  expect(progressLine(work, figures, 'loss 1.234')).toBe('epoch 3/10: 120/400 batches, 12.3 batches/s, 0:10, 0:23 left, loss 1.234');
  expect(progressLine(work, { ...figures, perSecond: undefined, secondsLeft: undefined })).toBe('epoch 3/10: 120/400 batches, 0:10, --:-- left');
}); // prettier-ignore

it.each([
  [100, '██████░░░░░░░░░░░░░░ epoch 3/10: 120/400 batches, 12.3 batches/s, 0:10, 0:23 left, loss 1.234'],
  [94, '██████░░░░░░░░░░░░░░ epoch 3/10: 120/400 batches, 12.3 batches/s, 0:10, 0:23 left, loss 1.234'],
  [92, '███░░░░░░░ epoch 3/10: 120/400 batches, 12.3 batches/s, 0:10, 0:23 left, loss 1.234'],
  [82, 'epoch 3/10: 120/400 batches, 12.3 batches/s, 0:10, 0:23 left, loss 1.234'],
  [70, '███░░░░░░░ epoch 3/10: 120/400 batches, 0:10, 0:23 left, loss 1.234'],
  [50, 'epoch 3/10: 120/400 batches, 0:23 left, loss 1.234'],
  [45, 'epoch 3/10: 120/400 batches, 0:23 left, loss…'],
  [43, 'epoch 3/10: 120/400 batches, 0:23 left'],
  [36, '120/400 batches, 0:23 left'],
  [20, '120/400, 0:23 left'],
  [10, '120/400, …'],
])('leaves out in %i columns what matters least', (width, line) => {
  expect(barLine(work, figures, 'loss 1.234', width)).toBe(line);
  expect(line.length).toBeLessThanOrEqual(width);
});

it.each([
  [84, 'a-long-name loss.synchrony=0 seed=1: 120/400 batches, 0:10, 0:23 left, loss 1.234'],
  [74, 'a-long-name…oss.synchrony=0 seed=1: 120/400 batches, 0:23 left, loss 1.234'],
  [52, 'a-l…0 seed=1: 120/400 batches, 0:23 left, loss 1.234'],
  [50, 'a-l…seed=1: 120/400 batches, 0:23 left, loss 1.234'],
  [49, 'a-long…hrony=0 seed=1: 120/400 batches, 0:23 left'],
  [40, 'a-l…0 seed=1: 120/400 batches, 0:23 left'],
])('shortens in %i columns a long label in its middle, before it leaves out how far the work is', (width, line) => {
  expect(barLine({ label: 'a-long-name loss.synchrony=0 seed=1', unit: 'batches' }, figures, 'loss 1.234', width)).toBe(line);
  expect(line.length).toBeLessThanOrEqual(width);
});

it('fills the bar: nothing, all, more than all, and of nothing', () => {
  const bar = (done: number, total: number): string => barLine({ label: 'a', unit: 'b' }, { ...figures, done, total }, '', 80).slice(0, 20);
  expect([bar(0, 8), bar(8, 8), bar(9, 8), bar(0, 0)]).toEqual(['░'.repeat(20), ...Array(3).fill('█'.repeat(20))]);
});

it.each([
  [12.34, '12.3 MB/s'],
  [1234.5, '1235 MB/s'],
  [1, '1.0 MB/s'],
  [0.5, '30.0 MB/min'],
  [1 / 60, '1.0 MB/min'],
  [0.01, '36.0 MB/h'],
  [0.0001, '0.4 MB/h'],
])('%d a second is %s', (perSecond, text) => expect(rateText(perSecond, 'MB')).toBe(text));

it.each([
  [undefined, '--:--'],
  [0.4, '0:00'],
  [59.6, '1:00'],
  [754, '12:34'],
  [3723, '1:02:03'],
  [90_000, '25:00:00'],
])('%d seconds are %s', (seconds, text) => expect(clock(seconds)).toBe(text));
