import { doubtOf } from '../doubts';
import type { FieldDescription, Sampling } from '../manifest';
import { placeRow } from './layouts';
import { NpyError } from './npy-header';
import { readNpyRows, valuesPerRow } from './npy-rows';
import { rowsOfSegments } from './segment-rows';
import { npyFile, shortName, type Source } from './source-folder';

/** A folder and the fields that are taken from it. */
export interface Part {
  readonly source: Source;
  readonly fields: { readonly frame?: string; readonly patch?: string }; // what the store calls them: frame may be audio
}

export interface ReadingRules {
  readonly sampling: Sampling;
  readonly fields: Readonly<Record<string, FieldDescription>>;
  readonly constant: 'refuse' | 'keep';
}

/**
 * Reads the segments of one video from all parts into its record of each field. Returns why it cannot be; undefined when it is done.
 * Only the rows of the segments are read.
 */
export function readVideo(
  parts: readonly Part[],
  videoId: string,
  rules: ReadingRules,
  into: Readonly<Record<string, Float32Array>>,
): string | undefined {
  for (const part of parts) {
    const { folder } = part.source;
    const problem = readPart(part, videoId, rules, into);
    if (problem !== undefined) return `${shortName(folder, videoId)}: ${problem}`;
  }
  return undefined;
}

function readPart(
  { source, fields }: Part,
  videoId: string,
  rules: ReadingRules,
  into: Readonly<Record<string, Float32Array>>,
): string | undefined {
  const found = source.found.get(videoId)!;
  if ('problem' in found) return found.problem;
  const rows = rowsOfSegments(found.header.shape[0], rules.sampling);
  if (typeof rows === 'string') return rows;
  const length = valuesPerRow(found.header);
  const values = new Float32Array(rows.length * length);
  try {
    readNpyRows(npyFile(source.folder, videoId), found.header, rows, values);
  } catch (error) {
    if (error instanceof NpyError) return error.problem;
    throw error;
  }
  const bad = values.findIndex((value) => !(Math.abs(value) < 65520)); // what float16 rounds to a finite number
  if (bad >= 0)
    return `row ${rows[Math.floor(bad / length)]} holds ${values[bad]} at value ${bad % length}, expected a finite number within float16`;
  const { frame, patch } = fields;
  const ofSegment = (record: Float32Array, segment: number) => {
    const size = record.length / rows.length;
    return record.subarray(segment * size, (segment + 1) * size);
  };
  rows.forEach((_, segment) => {
    const places = [frame, patch].map((field) => (field === undefined ? undefined : ofSegment(into[field], segment)));
    placeRow(source.layout, source.sizes, ofSegment(values, segment), ...places);
  });
  return patch === undefined || rules.constant === 'keep' ? undefined : repeated(into[patch], rules.fields[patch]);
}

/** Scripts of the field wrote the pooled vector of a frame once for each patch. */
function repeated(patch: Float32Array, description: FieldDescription): string | undefined {
  const [, regions] = description.shape;
  if (regions === 1 || doubtOf(patch, description) === undefined) return undefined;
  return `all ${regions} patches are equal: this is the pooled vector repeated, not patch features. constant=keep takes it all the same`;
}
