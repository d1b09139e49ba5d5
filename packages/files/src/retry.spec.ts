import { retry } from './retry';

it('attempts again after each pause, and tells how often it failed', async () => {
  const told: [unknown, number][] = [];
  const errors = ['first', 'second'];
  const attempt = async () => {
    if (errors.length > 0) throw errors.shift();
    return 7;
  };
  const pauseAfter = (error: unknown, failures: number) => (told.push([error, failures]), 0.001);
  expect(await retry(attempt, pauseAfter)).toBe(7);
  expect(told).toEqual([['first', 1], ['second', 2]]); // prettier-ignore
});

it('gives up with the last error', async () => {
  let attempts = 0;
  const attempt = () => Promise.reject(new Error(`attempt ${++attempts}`));
  await expect(retry(attempt, (_, failures) => (failures < 3 ? 0 : undefined))).rejects.toThrow('attempt 3');
});

it('a signal ends a pause with its reason', async () => {
  const stop = new AbortController();
  const attempt = () => Promise.reject(new Error('busy'));
  const waiting = retry(attempt, () => (stop.abort(new Error('stopped by hand')), 3600), stop.signal);
  await expect(waiting).rejects.toThrow('stopped by hand');
});
