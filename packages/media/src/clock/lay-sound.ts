/** Samples that were decoded together, all of one length in time. */
export interface Block {
  readonly time: number; // of its first sample, on our clock; recorders are off by tens of milliseconds
  readonly samples: number;
  readonly run: number; // of the file's clock
}

/** Samples that follow each other without a gap. */
export interface Piece {
  readonly from: number; // its first sample among all that were decoded
  readonly samples: number;
  readonly time: number; // of its first sample, on our clock
  readonly speed: number; // seconds of our clock in which one second of its samples is heard; 1 but for a recorder that drifts
}

/**
 * Finds the pieces of a sound between which samples are missing. The time of a block may jitter by 40 ms about what the samples before it
 * say, or drift by 1 %, and nothing is missing. Where samples are missing, all later blocks are late by the same: all blocks of half a second
 * after a gap are later, held against their samples, than all before it.
 */
export function laySound(blocks: readonly Block[], sampleRate: number): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const run of runsOf(blocks)) {
    const late = latenessOf(run, sampleRate);
    const cuts = [0, ...gapsIn(late), run.length];
    for (let cut = 0; cut + 1 < cuts.length; cut++) {
      const samples = run.slice(cuts[cut], cuts[cut + 1]).reduce((sum, block) => sum + block.samples, 0);
      if (samples > 0) pieces.push({ from, samples, ...fit(late.slice(cuts[cut], cuts[cut + 1])) });
      from += samples;
    }
  }
  return pieces;
}

/**
 * Seconds by which the first packet of a sound is earlier than it should be by the times of those after it; 0 where times do not jitter, or
 * packets are missing. The durations may be rounded to milliseconds, so that they tell no more than how long packets are beside each other.
 */
export function earliness(times: readonly number[], durations: readonly (number | undefined)[]): number {
  const known = durations.filter((duration) => duration !== undefined);
  if (times.length < 2 || known.length === 0) return 0;
  const usual = quantile(known, 0.5);
  let sum = 0;
  const heard = durations.map((duration = usual) => (sum += duration) - duration);
  const steps = heard.slice(1).map((each, index) => Math.abs(each - heard[index] - (times[index + 1] - times[index])));
  if (quantile(steps, 0.5) < mostRounding) return 0; // a gap, or none
  const { at, off } = lineThrough(heard, times);
  const jitter = Math.max(0, ...off.map(Math.abs));
  return jitter < exact / 2 || jitter > mostJitter ? 0 : Math.max(0, at(0) - times[0]);
}

const mostRounding = 0.002; // seconds
const mostJitter = 0.1; // seconds, to either side

/** A block by its place among the samples of its run, and by how much later it is than that. */
interface Late {
  readonly heard: number; // seconds of samples before it
  readonly by: number; // seconds
}

function runsOf(blocks: readonly Block[]): Block[][] {
  const runs: Block[][] = [];
  for (const block of blocks) {
    if (runs.at(-1)?.[0].run === block.run) runs.at(-1)!.push(block);
    else runs.push([block]);
  }
  return runs;
}

function latenessOf(run: readonly Block[], sampleRate: number): Late[] {
  let samples = 0;
  return run.map((block) => {
    const heard = samples / sampleRate;
    samples += block.samples;
    return { heard, by: block.time - heard };
  });
}

const exact = 0.01; // seconds; a gap is longer, and a clock that is no more than this off is right
const window = 0.5; // seconds on either side of a gap
const fewTimes = 12; // that so many times are all later than as many before them happens by chance once in 2.7 million times
const mostTogether = 24; // blocks with one time between them, as a transport stream's packets have; ffmpeg's hold up to 16
const greatestDrift = 0.015; // seconds a second
const driftLag = 5; // seconds

/** The blocks before which samples are missing, or, where blocks overlap, are there twice. */
function gapsIn(late: readonly Late[]): number[] {
  if (spreadOf(late.map(({ by }) => by)) <= exact) return [];
  const drift = driftOf(late);
  const level = late.map(({ by, heard }) => by - drift * heard);
  const steps = level.slice(1).map((each, index) => Math.abs(each - level[index]));
  const moves = steps.filter((step) => step > mostRounding);
  const jitters = moves.length * mostTogether > steps.length;
  const jitter = jitters ? quantile(moves, 0.9) : 0;
  return level.flatMap((_, at) => (at > 0 && steps[at - 1] > exact && isGap(at) ? [at] : []));

  /** Whether a block's time jitters for itself, and does not follow that of the block before. */
  function isOwnTime(block: number): boolean {
    return !jitters || block === 0 || steps[block - 1] > mostRounding;
  }

  function isGap(at: number): boolean {
    let first = at;
    let timesBefore = 0;
    while (first > 0 && (timesBefore < fewTimes || late[at].heard - late[first - 1].heard <= window)) {
      first--;
      if (isOwnTime(first)) timesBefore++;
    }
    let end = at;
    let timesAfter = 0;
    while (end < late.length && (timesAfter < fewTimes || late[end].heard - late[at].heard <= window)) {
      if (isOwnTime(end)) timesAfter++;
      end++;
    }
    const before = level.slice(first, at);
    const after = level.slice(at, end);
    const margin = timesBefore < fewTimes || timesAfter < fewTimes ? Math.max(exact, 2.5 * jitter) : exact;
    return Math.min(...after) - Math.max(...before) > margin || Math.min(...before) - Math.max(...after) > margin;
  }
}

/** Seconds by which blocks get later a second: the median over pairs of blocks some seconds apart, most of which have no gap between them. */
function driftOf(late: readonly Late[]): number {
  const lag = Math.min(driftLag, late[late.length - 1].heard / 2);
  const drifts: number[] = [];
  for (let early = 0, later = 0; ; early++) {
    while (later < late.length && late[later].heard - late[early].heard < lag) later++;
    if (later === late.length) break;
    if (later > early) drifts.push((late[later].by - late[early].by) / (late[later].heard - late[early].heard));
  }
  const drift = drifts.length === 0 ? 0 : quantile(drifts, 0.5);
  return Math.abs(drift) > greatestDrift ? 0 : drift;
}

/** When a piece begins and how fast it runs, from the times of all its blocks. */
function fit(late: readonly Late[]): Pick<Piece, 'time' | 'speed'> {
  const [{ heard: start }] = late;
  const by = late.map((each) => each.by);
  if (spreadOf(by) <= exact) return { time: start + by[0], speed: 1 };
  const heard = late.map((each) => each.heard);
  const { slope, spread, at, off } = lineThrough(heard, by);
  const error = Math.sqrt(off.reduce((sum, each) => sum + each * each, 0) / Math.max(1, late.length - 2) / Math.max(spread, 1e-9));
  const length = heard[heard.length - 1] - start;
  const drifts = Math.abs(slope) <= greatestDrift && Math.abs(slope) * length > 2 * exact && Math.abs(slope) > 5 * error;
  if (drifts) return { time: nearZero(start + at(start)), speed: 1 + slope };
  const sorted = [...by].sort((a, b) => a - b);
  const outer = Math.floor(by.length / 10);
  return { time: nearZero(start + meanOf(sorted.slice(outer, by.length - outer))), speed: 1 };
}

/** A time that is an estimate, so that no splinter of silence stands at time 0. */
const nearZero = (time: number): number => (Math.abs(time) <= exact ? 0 : time);

/** The line of least squares: its slope and values, how far the given ones are off it, and the sum of squares of `x` about its mean. */
function lineThrough(x: readonly number[], y: readonly number[]) {
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  const spread = x.reduce((sum, each) => sum + (each - meanX) ** 2, 0);
  const slope = spread === 0 ? 0 : x.reduce((sum, each, index) => sum + (each - meanX) * (y[index] - meanY), 0) / spread;
  const at = (place: number): number => meanY + slope * (place - meanX);
  return { slope, spread, at, off: y.map((each, index) => each - at(x[index])) };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function spreadOf(values: readonly number[]): number {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return most - least;
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
