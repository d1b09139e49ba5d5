import type { Sampling } from '../manifest';

/**
 * The rows of a file that its segments stand for: row i of a file with one row a segment, row i * segmentSeconds of one with one row a second.
 * A message where the file has too few rows for that, or more than one segment too many: then its rows are no seconds.
 */
export function rowsOfSegments(time: number, { segments, segmentSeconds }: Sampling): number[] | string {
  if (time === segments) return Array.from({ length: segments }, (_, segment) => segment);
  const least = (segments - 1) * segmentSeconds + 1;
  if (time >= least && time < (segments + 1) * segmentSeconds) {
    return Array.from({ length: segments }, (_, segment) => segment * segmentSeconds);
  }
  return (
    `has ${time} rows, expected ${segments * segmentSeconds} (one a second: ${segments} segments of ${segmentSeconds} s; at least ${least}) ` +
    `or ${segments} (one a segment). Set segments and segmentSeconds as they were made`
  );
}
