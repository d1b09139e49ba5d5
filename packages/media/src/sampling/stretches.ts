/** Points in time order, one for each second, all of one width. */
export type Descriptors = readonly Float64Array[];

/** Seconds from `start` up to, not including, `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Costs are compared in billionths of all squared distances to the mean, as whole numbers, whose sums are exact: ties are ties. */
const billion = 1e9;

/**
 * Cuts the points into `count` stretches with the least sum of squared distances to their stretch's mean, by dynamic programming over
 * all cuttings. Of equal ones the one whose stretches are most equally long, then the one whose last cut is earliest, and so on
 * forward.
 * Takes count * points^2 steps. Expects at least `count` points.
 */
export function cutIntoStretches(points: Descriptors, count: number): Stretch[] {
  const costOf = stretchCosts(points);
  const length = points.length;
  // of the first `end` points in `part` stretches: the least cost, with it the least sum of squared lengths, and where the last stretch starts
  let best: Partial = { cost: new Float64Array(length + 1).fill(Infinity), squares: new Float64Array(length + 1) };
  best.cost[0] = 0;
  const starts: Int32Array[] = [];
  for (let part = 1; part <= count; part++) {
    const next: Partial = { cost: new Float64Array(length + 1).fill(Infinity), squares: new Float64Array(length + 1) };
    const from = new Int32Array(length + 1);
    for (let end = part; end <= length; end++) {
      for (let start = part - 1; start < end; start++) {
        const cost = best.cost[start] + costOf(start, end);
        const squares = best.squares[start] + (end - start) ** 2;
        if (cost > next.cost[end] || (cost === next.cost[end] && squares >= next.squares[end])) continue;
        next.cost[end] = cost;
        next.squares[end] = squares;
        from[end] = start;
      }
    }
    starts.push(from);
    best = next;
  }
  const stretches: Stretch[] = [];
  for (let part = count - 1, end = length; part >= 0; part--) {
    stretches.unshift({ start: starts[part][end], end });
    end = starts[part][end];
  }
  return stretches;
}

interface Partial {
  readonly cost: Float64Array;
  readonly squares: Float64Array;
}

/** The second of a stretch whose point is nearest to the stretch's mean, the earliest of equal ones. */
export function typicalSecond(points: Descriptors, { start, end }: Stretch): number {
  const mean = meanOf(points.slice(start, end));
  let best = start;
  let least = Infinity;
  for (let second = start; second < end; second++) {
    const distance = squaredDistance(points[second], mean);
    if (distance >= least * (1 - 1 / billion)) continue; // not by rounding
    least = distance;
    best = second;
  }
  return best;
}

export function meanOf(points: Descriptors): Float64Array {
  const mean = new Float64Array(points[0].length);
  for (const point of points) point.forEach((value, axis) => (mean[axis] += value / points.length));
  return mean;
}

export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let axis = 0; axis < a.length; axis++) sum += (a[axis] - b[axis]) ** 2;
  return sum;
}

/** Squared distances to the mean within any stretch, from running sums: sum |x|^2 - |sum x|^2 / n. In billionths of those of all points. */
function stretchCosts(points: Descriptors): (start: number, end: number) => number {
  const mean = meanOf(points);
  const width = mean.length;
  const sums = new Float64Array((points.length + 1) * width); // of the points before
  const squares = new Float64Array(points.length + 1);
  points.forEach((point, at) => {
    squares[at + 1] = squares[at] + squaredDistance(point, mean);
    for (let axis = 0; axis < width; axis++) sums[(at + 1) * width + axis] = sums[at * width + axis] + point[axis] - mean[axis];
  });
  const unit = squares[points.length] / billion || 1;
  const costs = new Map<number, number>(); // asked for once for each number of parts
  return (start, end) => {
    const key = start * (points.length + 1) + end;
    const known = costs.get(key);
    if (known !== undefined) return known;
    let ofSum = 0;
    for (let axis = 0; axis < width; axis++) ofSum += (sums[end * width + axis] - sums[start * width + axis]) ** 2;
    const cost = Math.max(0, Math.round((squares[end] - squares[start] - ofSum / (end - start)) / unit));
    costs.set(key, cost);
    return cost;
  };
}
