import { listenForStop } from './stop-signal';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('turns a signal into a request, and is gone after release', () => {
  const before = process.listenerCount('SIGTERM');
  const said: string[] = [];
  const stop = listenForStop((line) => said.push(line));
  try {
    expect(stop.requested()).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(stop.requested()).toBe(true);
    expect(said).toEqual([
      `SIGTERM: finishing the step, then saving; a second signal to process ${process.pid} ends it at once without saving`,
    ]);
  } finally {
    stop.release();
  }
  jest.runAllTimers();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

describe('a second signal', () => {
  const secondly = (signal: NodeJS.Signals, milliseconds: number, isJob = false): unknown[][] => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const stop = listenForStop(() => undefined, { isJob });
    try {
      process.emit('SIGINT', 'SIGINT');
      jest.advanceTimersByTime(milliseconds);
      process.emit(signal, signal);
      return exit.mock.calls;
    } finally {
      stop.release();
      jest.runAllTimers();
      exit.mockRestore();
    }
  };

  it('ends the process at once', () => {
    expect(secondly('SIGINT', 2100)).toEqual([[130]]);
    expect(secondly('SIGTERM', 2100)).toEqual([[143]]);
  });
  it('is part of the first within two seconds', () => expect(secondly('SIGINT', 1900)).toEqual([]));
  it('ends no job, which its launcher kills', () => expect(secondly('SIGTERM', 60_000, true)).toEqual([]));
});
