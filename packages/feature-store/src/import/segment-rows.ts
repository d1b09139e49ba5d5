import type { Sampling } from '../manifest';
import { leastSeconds } from '../short-videos';

/** The rows of a file that represent its segments. */
export interface SegmentRows {
  readonly rows: readonly number[]; // [segments]
  readonly shortSeconds?: number; // the length of a video that ends before its last segment begins; its last row replaces the missing ones
}

/**
 * The rows of a file that represent its segments: row i of a file with one row for each segment, row i * segmentSeconds of one with one row
 * a second. If a video is too short by up to a sixth, the last row replaces the missing ones, unless another axis has the length of a whole
 * video. Returns a message if the file has too few rows for that, or more than one segment too many: then its rows are not seconds, or its
 * first axis is not time.
 */
export function rowsOfSegments(shape: readonly number[], sampling: Sampling): SegmentRows | string {
  const [time] = shape;
  const { segments, segmentSeconds } = sampling;
  const every = Array.from({ length: segments }, (_, segment) => segment);
  if (isOfSegments(time, sampling)) return { rows: every };
  const starts = every.map((segment) => segment * segmentSeconds);
  if (isInSeconds(time, sampling)) return { rows: starts };
  if (isShort(time, sampling) && !shape.includes(segments * segmentSeconds))
    return { rows: starts.map((second) => Math.min(second, time - 1)), shortSeconds: time };
  const other = shape.findIndex((length, axis) => axis > 0 && (length === segments || length === segments * segmentSeconds));
  const hint =
    other < 0
      ? ''
      : `. Or is axis ${other} of [${shape.join(', ')}] the time? Then save numpy.ascontiguousarray(numpy.moveaxis(array, ${other}, 0))`;
  return (
    `has ${time} rows, expected ${segments * segmentSeconds} (one a second: ${segments} segments of ${segmentSeconds} s; at least ${Math.min(leastSeconds(sampling), (segments - 1) * segmentSeconds + 1)}) ` +
    `or ${segments} (one a segment). Set features.segments and features.segmentSeconds as they were made${hint}`
  );
}

/** Whether a file has one row a segment, and not one a second. */
export const isOfSegments = (time: number, { segments, segmentSeconds }: Sampling): boolean => segmentSeconds > 1 && time === segments;

const isInSeconds = (time: number, { segments, segmentSeconds }: Sampling): boolean =>
  time > (segments - 1) * segmentSeconds && time < (segments + 1) * segmentSeconds;

/** Whether rows of seconds are fewer than those of a whole video, but not by more than a sixth. */
export const isShort = (time: number, sampling: Sampling): boolean =>
  time >= leastSeconds(sampling) && time < sampling.segments * sampling.segmentSeconds;
