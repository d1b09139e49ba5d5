import { seededRandom } from '@tass/dataset-music-avqa';
import type { ScoreColumns } from './score-columns';

export interface ResampleOptions {
  readonly resamples: number;
  readonly seed: number;
}

/** Sums over the questions of each resample, by column. */
export interface ResampledSums {
  readonly asked: Int32Array; // [resamples * columns], questions
  readonly sums: readonly Int32Array[]; // [series][resamples * columns]
}

/** Items in the same columns are adjacent: one sum over them serves every column. */
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly number[];
}

const AT_ONCE = 4; // resamples whose weights are kept while the series are read

/**
 * Draws whole videos with replacement, as many as there are, because the questions of one video are not independent, and sums each series (a
 * whole number a question [questions]) over the questions of the videos drawn. The draws are the same for all series and columns, so that
 * all results are paired. `videoOf` [questions]: the video's number.
 */
export function resampleVideos(
  { columns, members }: ScoreColumns,
  videoOf: Int32Array,
  series: readonly Int32Array[],
  { resamples, seed }: ResampleOptions,
): ResampledSums {
  const items = itemsOf(members, videoOf);
  const firsts = Int32Array.from(items, ([question]) => question);
  const cells = cellsOf(firsts, members, columns.length);
  const sumIn = (values: Int32Array, item: readonly number[]): number => item.reduce((sum, question) => sum + values[question], 0);
  const sorted = [new Int32Array(members.length).fill(1), ...series].map((values) =>
    Float64Array.from(items, (item) => sumIn(values, item)),
  );
  if (sorted.length % 2 === 1) sorted.push(new Float64Array(items.length)); // they are taken two at a time
  const videos = videoOf.reduce((most, video) => Math.max(most, video + 1), 0);
  const place = Int32Array.from(firsts, (question) => videoOf[question]);
  const sums = sorted.map(() => new Int32Array(resamples * columns.length));
  const random = seededRandom(seed);
  const times = new Uint16Array(videos);
  const weights = Array.from({ length: AT_ONCE }, () => new Float64Array(items.length));
  const products = new Float64Array(2 * AT_ONCE);
  for (let resample = 0; resample < resamples; resample += AT_ONCE) {
    const drawn = Math.min(AT_ONCE, resamples - resample);
    for (const weight of weights.slice(0, drawn)) {
      drawTimes(times, random);
      for (let at = 0; at < weight.length; at++) weight[at] = times[place[at]];
    }
    for (let pair = 0; pair < sorted.length; pair += 2)
      for (const { from, to, columns: within } of cells) {
        multiply(weights, sorted[pair], sorted[pair + 1], from, to, products);
        for (let at = 0; at < drawn; at++)
          for (const column of within) {
            const target = (resample + at) * columns.length + column;
            sums[pair][target] += products[at];
            sums[pair + 1][target] += products[AT_ONCE + at];
          }
      }
  }
  const [asked, ...ofSeries] = sums;
  return { asked, sums: ofSeries.slice(0, series.length) };
}

/** Questions of one video in the same columns, which are always drawn together; sorted by their columns. MUSIC-AVQA-R asks each up to 25 times. */
function itemsOf(members: Uint32Array, videoOf: Int32Array): number[][] {
  const items = new Map<number, number[]>();
  const width = videoOf.reduce((most, video) => Math.max(most, video + 1), 1);
  members.forEach((columns, question) => {
    const key = columns * width + videoOf[question];
    const item = items.get(key);
    if (item) item.push(question);
    else items.set(key, [question]);
  });
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}

function cellsOf(order: Int32Array, members: Uint32Array, columns: number): Cell[] {
  const starts = [...order.keys()].filter((at) => at === 0 || members[order[at]] !== members[order[at - 1]]);
  return starts.map((from, cell) => ({
    from,
    to: starts[cell + 1] ?? order.length,
    columns: Array.from({ length: columns }, (_, column) => column).filter((column) => members[order[from]] & (1 << column)),
  }));
}

/** How often each video is drawn, for each resample: as many draws as there are videos. */
export function drawVideos(videos: number, { resamples, seed }: ResampleOptions): Uint16Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: resamples }, () => drawTimes(new Uint16Array(videos), random));
}

function drawTimes(times: Uint16Array, random: { next(): number }): Uint16Array {
  times.fill(0);
  for (let draw = 0; draw < times.length; draw++) times[Math.floor(random.next() * times.length)]++;
  return times;
}

/** Inner products of four weights with two series over [from, to): eight sums that share their loads, for speed. */
function multiply(weights: readonly Float64Array[], x: Float64Array, y: Float64Array, from: number, to: number, into: Float64Array): void {
  const [a, b, c, d] = weights;
  let [ax, bx, cx, dx, ay, by, cy, dy] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = from; at < to; at++) {
    const ofX = x[at];
    const ofY = y[at];
    ax += a[at] * ofX;
    bx += b[at] * ofX;
    cx += c[at] * ofX;
    dx += d[at] * ofX;
    ay += a[at] * ofY;
    by += b[at] * ofY;
    cy += c[at] * ofY;
    dy += d[at] * ofY;
  }
  into[0] = ax;
  into[1] = bx;
  into[2] = cx;
  into[3] = dx;
  into[4] = ay;
  into[5] = by;
  into[6] = cy;
  into[7] = dy;
}
