import type { Sampling } from '../manifest';

/**
 * The rows of a file that its segments stand for: row i of a file with one row a segment, row i * segmentSeconds of one with one row a second.
 * A message where the file has too few rows for that, or more than one segment too many: then its rows are no seconds, or its first axis is
 * not the time.
 */
export function rowsOfSegments(shape: readonly number[], sampling: Sampling): number[] | string {
  const [time] = shape;
  const { segments, segmentSeconds } = sampling;
  if (time === segments) return Array.from({ length: segments }, (_, segment) => segment);
  if (isInSeconds(time, sampling)) return Array.from({ length: segments }, (_, segment) => segment * segmentSeconds);
  const least = (segments - 1) * segmentSeconds + 1;
  const other = shape.findIndex((length, axis) => axis > 0 && (length === segments || length === segments * segmentSeconds));
  const hint =
    other < 0
      ? ''
      : `. Or is axis ${other} of [${shape.join(', ')}] the time? Then save numpy.ascontiguousarray(numpy.moveaxis(array, ${other}, 0))`;
  return (
    `has ${time} rows, expected ${segments * segmentSeconds} (one a second: ${segments} segments of ${segmentSeconds} s; at least ${least}) ` +
    `or ${segments} (one a segment). Set segments and segmentSeconds as they were made${hint}`
  );
}

const isInSeconds = (time: number, { segments, segmentSeconds }: Sampling): boolean =>
  time > (segments - 1) * segmentSeconds && time < (segments + 1) * segmentSeconds;
