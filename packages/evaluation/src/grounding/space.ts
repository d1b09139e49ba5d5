import { countIn, largestInside, massInside, type Mask, type Shares } from './shares';
import type { Box } from './truth';

/**
 * Which regions belong to a box: those with their centre in it, edges included. Regions are a square grid, read row by row.
 * Throws RangeError for a number of regions that is no square.
 */
export function regionsIn(boxes: readonly Box[], regions: number): boolean[] {
  const side = Math.sqrt(regions);
  if (!Number.isInteger(side)) throw new RangeError(`regionsIn: ${regions} regions, expected a square grid such as 7 x 7`);
  return Array.from({ length: regions }, (_, region) => {
    const [x, y] = [((region % side) + 0.5) / side, (Math.floor(region / side) + 0.5) / side];
    return boxes.some(({ left, top, right, bottom }) => left <= x && x <= right && top <= y && y <= bottom);
  });
}

/** The regions that a threshold keeps: those with at least so many uniform shares, and the largest whatever it is. */
export function keptRegions(map: Shares, threshold: number): boolean[] {
  const values = Array.from(map);
  const largest = Math.max(...values);
  return values.map((share) => share >= threshold / map.length || share === largest);
}

/** Intersection over union of two sets of regions. */
export function overlapOf(one: Mask, other: Mask): number {
  let [both, either] = [0, 0];
  for (let at = 0; at < one.length; at++) {
    if (one[at] && other[at]) both++;
    if (one[at] || other[at]) either++;
  }
  return both / either;
}

/** Of one map [regions], or the means over maps. */
export interface SpaceMeasures {
  readonly pointing: number; // whether the largest region is in a box
  readonly mass: number; // share of the map in the boxes
  readonly overlap: number; // intersection over union of the regions that the threshold keeps and those of the boxes
  readonly chance: number; // what a uniform map has in each of the three: the share of regions in the boxes
}

/**
 * The means over the segments in which a region is in a box; undefined if there is none. `map` [segments * regions], `boxes`
 * [segments], `threshold` in units of the uniform share.
 */
export function spaceMeasures(
  map: Shares & { subarray(from: number, to: number): Shares },
  boxes: readonly (readonly Box[])[],
  threshold: number,
): SpaceMeasures | undefined {
  const regions = map.length / boxes.length;
  const sums = { pointing: 0, mass: 0, overlap: 0, chance: 0 };
  let judged = 0;
  boxes.forEach((ofSegment, segment) => {
    const inside = ofSegment.length === 0 ? [] : regionsIn(ofSegment, regions);
    const count = countIn(inside);
    if (count === 0) return;
    const shares = map.subarray(segment * regions, (segment + 1) * regions);
    sums.pointing += largestInside(shares, inside);
    sums.mass += massInside(shares, inside);
    sums.overlap += overlapOf(keptRegions(shares, threshold), inside);
    sums.chance += count / regions;
    judged++;
  });
  if (judged === 0) return undefined;
  return { pointing: sums.pointing / judged, mass: sums.mass / judged, overlap: sums.overlap / judged, chance: sums.chance / judged };
}
