import { PassThrough } from 'node:stream';
import { showProgress } from './progress';

const streamed = (isTTY: boolean) => {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 100 });
  return { stream, text: () => String(stream.read() ?? '') };
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('writes a line every ten seconds and at the end, in a pipe', () => {
  const { stream, text } = streamed(false);
  const progress = showProgress('epoch 1/2', 8, stream);
  progress.update(1, 'loss 3');
  expect(text()).toBe('');
  jest.advanceTimersByTime(10_500);
  progress.update(2, 'loss 2');
  progress.update(3, 'loss 1.5');
  expect(text()).toBe('epoch 1/2: 2/8 in 10.5 s loss 2\n');
  progress.update(8);
  jest.advanceTimersByTime(1000);
  progress.finish('val 50 %');
  expect(text()).toBe('epoch 1/2: 8 in 11.5 s val 50 %\n');
});

it('says how far it came when it stops before the end, and counts from when the work began', () => {
  const { stream, text } = streamed(false);
  const began = performance.now();
  jest.advanceTimersByTime(3000);
  const progress = showProgress('epoch 2/2', 8, stream, began);
  progress.update(5);
  progress.finish('stopped');
  expect(text()).toBe('epoch 2/2: 5/8 in 3.0 s stopped\n');
});

it('draws a bar in a terminal and leaves one line', () => {
  const { stream, text } = streamed(true);
  Object.assign(stream, { clearLine: () => true, cursorTo: () => true });
  const progress = showProgress('world: videos drawn', 8, stream);
  jest.advanceTimersByTime(2000);
  progress.update(4, 'half');
  jest.advanceTimersByTime(2000);
  expect(text()).toMatch(/world: videos drawn [^\n]+ 4\/8 half/);
  progress.update(8);
  progress.finish();
  expect(text()).toMatch(/world: videos drawn: 8 in 4\.0 s\n$/);
});
