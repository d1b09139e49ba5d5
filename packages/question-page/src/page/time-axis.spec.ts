import { cells, ticks, unheard } from './time-axis';

const segment = (atSeconds: number, heard = 1) => ({ atSeconds, startSeconds: atSeconds, endSeconds: atSeconds + heard, frame: null });
const video = (seconds: number, ...segments: ReturnType<typeof segment>[]) => ({ id: 'v', seconds, segments, sound: null, absent: {} });

it('gives each segment the stretch to the next one, the last to the end', () => {
  expect(cells(video(20, segment(0), segment(4), segment(15)))).toEqual([
    { from: 0, width: 20 },
    { from: 20, width: 55 },
    { from: 75, width: 25 },
  ]);
});

it('finds what no segment hears, also where segments overlap', () => {
  expect(unheard(video(20, segment(0), segment(4, 8), segment(10, 4)))).toEqual([
    { from: 5, width: 15 },
    { from: 70, width: 30 },
  ]);
  expect(unheard(video(2, segment(0), segment(1)))).toEqual([]);
});

it.each([
  [10, [0, 2, 4, 6, 8, 10]],
  [60, [0, 10, 20, 30, 40, 50, 60]],
  [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [63.5, [0, 20, 40, 60]],
])('marks round seconds of %d', (seconds, expected) => {
  const marked = ticks(video(seconds, segment(0)));
  expect(marked.map(([second]) => second)).toEqual(expected);
  expect(marked[1][1]).toBeCloseTo((100 * marked[1][0]) / seconds, 1);
});
