import { describeHalfLoss, findHalfLoss, isSubnormal } from './half-loss';
import type { FieldDescription } from './manifest';

/**
 * The reason why a record is suspicious; undefined if it is not. If all patches of a field (axis `regions`, `tokens` or `audioPatches`) are
 * equal in every segment, they are a repeated pooled vector (public scripts wrote such files) or a blank video. A record with a single value
 * contains no features. Values of about 1e-7 become 0 in the store.
 */
export function doubtOf(record: Float32Array, description: FieldDescription): string | undefined {
  if (record.every((value) => value === record[0])) return `all its values are ${record[0]}`;
  if (hasEqualPatches(record, description)) return `all ${regionsOf(description)} patches of each segment are equal`;
  const loss = findHalfLoss(record);
  if (loss !== undefined) return describeHalfLoss(loss, record.length);
  return isSubnormal(record)
    ? 'its values are all below 6e-5, where float16 keeps few digits; they may have lost theirs before'
    : undefined;
}

/** Of several patches; false for a field without an axis of them. */
export function hasEqualPatches(record: Float32Array, description: FieldDescription): boolean {
  const regions = regionsOf(description);
  if (regions === 1) return false;
  const { shape } = description;
  const width = shape.slice(axisOfPatches(description) + 1).reduce((product, length) => product * length, 1);
  const image = regions * width;
  for (let start = 0; start < record.length; start += image) {
    for (let i = width; i < image; i++) if (record[start + i] !== record[start + (i % width)]) return false;
  }
  return true;
}

function regionsOf(description: FieldDescription): number {
  const axis = axisOfPatches(description);
  return axis < 0 ? 1 : description.shape[axis];
}

/** Of a video's field; -1 without one. A text's tokens do not count as patches. */
const axisOfPatches = ({ key, axes }: FieldDescription): number =>
  key === 'video' ? axes.findIndex((axis) => ['regions', 'tokens', 'audioPatches'].includes(axis)) : -1;
