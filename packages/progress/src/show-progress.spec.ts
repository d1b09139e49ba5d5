import { PassThrough } from 'node:stream';
import { screenAfter } from '@tass/testing';
import { isLive, say } from './screen';
import { showProgress } from './show-progress';
import { showStages } from './show-stages';

const streamOf = (isTTY: boolean, columns = 80) => {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns }) as unknown as NodeJS.WriteStream;
  let text = '';
  stream.on('data', (piece: string) => (text += piece));
  return { stream, screen: () => (stream.read(), screenAfter(text)) };
};
const { CI, TERM } = process.env;
beforeEach(() => {
  jest.useFakeTimers();
  delete process.env.CI;
  process.env.TERM = 'xterm';
});
afterEach(() => {
  jest.useRealTimers();
  Object.assign(process.env, { CI: CI ?? '', TERM: TERM ?? '' });
});

it('writes a line every ten seconds, later more seldom, and one at the end, in a pipe', () => {
  const { stream, screen } = streamOf(false);
  const progress = showProgress({ label: 'epoch 1/2', unit: 'batches', total: 8 }, stream);
  jest.advanceTimersByTime(9999);
  progress.update(0, 'loss 3');
  expect(screen()).toEqual(['']);
  jest.advanceTimersByTime(1);
  progress.update(2, 'loss 2');
  progress.update(3, 'loss 1.5');
  const first = 'epoch 1/2: 2/8 batches, 12.0 batches/min, 0:10, 0:30 left, loss 2';
  expect(screen()).toEqual([first, '']);
  jest.advanceTimersByTime(390_000);
  progress.update(4);
  jest.advanceTimersByTime(20_000);
  progress.update(5); // less than a twentieth of 420 s
  expect(screen()).toHaveLength(3);
  jest.advanceTimersByTime(1100);
  progress.update(8);
  progress.finish('val 50 %');
  expect(screen()).toHaveLength(5);
  expect(screen().slice(3)).toEqual(['epoch 1/2: 8 batches in 7:01, 1.1 batches/min, val 50 %', '']);
});

it('says how far it came when it stops before the end', () => {
  const { stream, screen } = streamOf(false);
  const started = performance.now();
  jest.advanceTimersByTime(3000);
  const progress = showProgress({ label: 'epoch 2/2', unit: 'batches', total: 8, done: 2, started }, stream);
  progress.update(5);
  progress.finish('stopped');
  expect(screen()).toEqual(['epoch 2/2: 5/8 batches in 3.0 s, 1.0 batches/s, stopped', '']);
});

it('draws a bar in a terminal, below what is said, and leaves one line', () => {
  const { stream, screen } = streamOf(true);
  say('before', stream);
  const progress = showProgress({ label: 'world', unit: 'videos', total: 8 }, stream);
  jest.advanceTimersByTime(4000);
  progress.update(4, 'half');
  jest.advanceTimersByTime(1000); // the clock runs without news
  expect(screen()).toEqual(['before', '██████████░░░░░░░░░░ world: 4/8 videos, 1.0 videos/s, 0:05, 0:03 left, half']);
  say('two\nlines', stream);
  const bar = expect.stringContaining('world: 4/8 videos');
  expect(screen()).toEqual(['before', 'two', 'lines', bar]);
  progress.update(8);
  progress.finish('all new');
  say('after', stream);
  const end = ['before', 'two', 'lines', 'world: 8 videos in 5.0 s, 1.6 videos/s, all new', 'after', ''];
  expect(screen()).toEqual(end);
  jest.advanceTimersByTime(10_000);
  expect(screen()).toEqual(end);
});

it('draws several at once, and moves up those that are left', () => {
  const { stream, screen } = streamOf(true);
  const [frames, sound] = ['frames', 'sound'].map((label) => showProgress({ label, unit: 'videos', total: 2 }, stream));
  jest.advanceTimersByTime(1000);
  frames.update(1);
  jest.advanceTimersByTime(250);
  expect(screen()).toEqual([expect.stringContaining('frames: 1/2'), expect.stringContaining('sound: 0/2')]);
  frames.finish();
  jest.advanceTimersByTime(1000);
  expect(screen()).toEqual(['frames: 1/2 videos in 1.3 s, 1.0 videos/s', expect.stringContaining('sound: 0/2 videos, 0:02, --:-- left')]);
  sound.finish();
  expect(screen()).toEqual([expect.any(String), 'sound: 0/2 videos in 2.3 s', '']);
});

it('a bar that is finished twice takes no other away', () => {
  const { stream, screen } = streamOf(true);
  const [first, second, third] = ['first', 'second', 'third'].map(
    (label) => () => showProgress({ label, unit: 'files', total: 2 }, stream),
  );
  const finished = first();
  finished.finish();
  finished.finish();
  const [left, right] = [second(), third()];
  left.finish();
  jest.advanceTimersByTime(1000);
  expect(screen().at(-1)).toMatch(/third: 0\/2 files, 0:01/);
  right.finish();
  expect(screen().at(-1)).toBe('');
});

it('takes a terminal that does not know its width for one of 80 columns', () => {
  const { stream, screen } = streamOf(true, 0);
  const progress = showProgress({ label: 'world', unit: 'videos', total: 8 }, stream);
  jest.advanceTimersByTime(1000);
  expect(screen()).toEqual(['░░░░░░░░░░░░░░░░░░░░ world: 0/8 videos, 0:01, --:-- left']);
  progress.finish();
});

describe('stages', () => {
  const work = (stage: string) => ({ label: `features: ${stage}`, unit: 'videos' });

  it('are shown from their first news on, whose count was there before', () => {
    const { stream, screen } = streamOf(false);
    const show = showStages(work, stream);
    show('frames', 50, 90);
    jest.advanceTimersByTime(10_000);
    show('frames', 70, 90);
    const line = 'features: frames: 70/90 videos, 2.0 videos/s, 0:10, 0:10 left';
    expect(screen()).toEqual([line, '']);
    jest.advanceTimersByTime(5000);
    show('frames', 90, 90);
    show('sound', 0, 90); // its time begins here
    jest.advanceTimersByTime(10_000);
    show('sound', 10, 90);
    expect(screen().slice(1)).toEqual([
      'features: frames: 90 videos in 15.0 s, 2.7 videos/s',
      'features: sound: 10/90 videos, 1.0 videos/s, 0:10, 1:20 left',
      '',
    ]);
  });

  it('that are done again are shown again', () => {
    const { stream, screen } = streamOf(true);
    const show = showStages(work, stream);
    show('frames', 0, 9);
    show('frames', 9, 9);
    show('frames', 2, 9);
    jest.advanceTimersByTime(1000);
    expect(screen().at(-1)).toMatch(/frames: 2\/9 videos, 0:01/);
    show('frames', 9, 9);
    expect(screen()).toEqual([expect.stringMatching('9 videos in'), expect.stringMatching('9 videos in'), '']);
  });
});

it('follows a terminal that is made narrower', () => {
  const { stream, screen } = streamOf(true, 90);
  const progress = showProgress({ label: 'epoch 10/10', unit: 'batches', total: 400 }, stream);
  jest.advanceTimersByTime(4000);
  progress.update(100, 'loss 1.234');
  stream.columns = 40;
  jest.advanceTimersByTime(1000);
  expect(screen()).toEqual(['epoch 10/10: 100/400 batches, 0:12 left']);
  stream.columns = 20;
  jest.advanceTimersByTime(1000);
  expect(screen()).toEqual(['100/400, 0:12 left']);
  progress.finish();
});

it.each<[boolean, boolean, NodeJS.ProcessEnv]>([
  [true, true, { TERM: 'xterm' }],
  [true, true, { TERM: 'xterm', NO_COLOR: '1', CI: 'false' }], // there are no colours
  [false, true, { TERM: 'dumb' }],
  [false, true, { TERM: 'xterm', CI: 'true' }],
  [false, false, { TERM: 'xterm' }],
])('draws again: %j, in a terminal: %j, with %j', (live, isTTY, environment) => {
  expect(isLive(streamOf(isTTY).stream, environment)).toBe(live);
});
