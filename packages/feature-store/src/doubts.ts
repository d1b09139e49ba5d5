import type { FieldDescription } from './manifest';

/**
 * Why a record can hardly be right; undefined if it may be. A field with an axis `regions` whose patches are all equal in every segment is a
 * pooled vector that was repeated (public scripts of the field did so) or a blank video; a record of one value throughout is none at all.
 */
export function doubtOf(record: Float32Array, { axes, shape }: FieldDescription): string | undefined {
  if (record.every((value) => value === record[0])) return `all its values are ${record[0]}`;
  const regions = axes.indexOf('regions');
  if (regions < 0 || shape[regions] === 1) return undefined;
  const width = shape.slice(regions + 1).reduce((product, length) => product * length, 1);
  const image = shape[regions] * width;
  for (let start = 0; start < record.length; start += image) {
    for (let i = width; i < image; i++) if (record[start + i] !== record[start + (i % width)]) return undefined;
  }
  return `all ${shape[regions]} patches of each segment are equal`;
}
