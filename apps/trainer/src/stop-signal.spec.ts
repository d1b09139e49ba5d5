import { listenForStop } from './stop-signal';

it('turns a signal into a request, and is gone after release', () => {
  const before = process.listenerCount('SIGTERM');
  const said: string[] = [];
  const stop = listenForStop((line) => said.push(line));
  try {
    expect(stop.requested()).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(stop.requested()).toBe(true);
    expect(said).toEqual([`SIGTERM: finishing the step, then saving; a second signal to process ${process.pid} ends it at once, unsaved`]);
  } finally {
    stop.release();
  }
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a second %s ends the process at once', (signal, code) => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const stop = listenForStop(() => undefined);
  try {
    process.emit('SIGINT', 'SIGINT');
    expect(exit).not.toHaveBeenCalled();
    process.emit(signal, signal);
    expect(exit).toHaveBeenCalledWith(code);
  } finally {
    stop.release();
    exit.mockRestore();
  }
});
