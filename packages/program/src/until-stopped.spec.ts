import { StopSignals } from './stop-signals';
import { untilStopped } from './until-stopped';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

it('a signal stops the work; the exit code is 130 and the reason the stop, whatever the work died of', async () => {
  const ended = untilStopped(
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('a worker has ended')))),
  );
  process.emit('SIGTERM', 'SIGTERM');
  expect(await ended).toBe(130);
  expect(said).toEqual(['stopped; finished parts are kept. To resume: the same command again\n']);
});

it('gives the exit code of work that is not stopped, and its errors', async () => {
  const before = process.listenerCount('SIGTERM');
  expect(await untilStopped(async () => 3)).toBe(3);
  await expect(untilStopped(() => Promise.reject(new Error('the store is empty')))).rejects.toThrow('the store is empty');
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

it('with the signals of a longer program: one that comes afterwards waits for the next listener', async () => {
  const signals = new StopSignals();
  try {
    expect(await untilStopped(async () => 3, { signals })).toBe(3);
    process.emit('SIGTERM', 'SIGTERM');
    const asked: string[] = [];
    signals.listen({ ask: (signal) => asked.push(signal) });
    expect([asked, said]).toEqual([['SIGTERM'], []]);
  } finally {
    signals.release();
  }
});
