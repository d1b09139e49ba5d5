import { hasEqualPatches } from '../doubts';
import { describeHalfLoss, findHalfLoss } from '../half-loss';
import type { FieldDescription, Sampling } from '../manifest';
import { placeRow } from './layouts';
import { NpyError, type NpyHeader } from './npy-header';
import { eachNpyRow, readNpyRows, valuesPerRow } from './npy-rows';
import { rowsOfSegments } from './segment-rows';
import { shortName, type Source } from './source-folder';
import { describeSmall, Storable } from './storable';

/** A folder and the fields that are taken from it. */
export interface Part {
  readonly source: Source;
  readonly fields: { readonly frame?: string; readonly patch?: string }; // what the store calls them: frame may be audio
}

export interface ReadingRules {
  readonly sampling: Sampling;
  readonly fields: Readonly<Record<string, FieldDescription>>;
  readonly constant: 'refuse' | 'keep';
  readonly isTaken?: boolean; // the store already has the video: only a failure to read or store is a problem
}

/** The content of a video, or the reason why it cannot be imported. */
export type ReadVideo = { readonly problem: string } | TakenVideo;

interface TakenVideo {
  readonly zeroed: number; // values that become 0 as float16
  readonly shortSeconds?: number; // how long the video lasts, where it is too short
}

/** Reads the segments of one video from all parts into its record of each field. Only the rows of the segments are read, one at a time. */
export function readVideo(
  parts: readonly Part[],
  videoId: string,
  rules: ReadingRules,
  into: Readonly<Record<string, Float32Array>>,
): ReadVideo {
  let zeroed = 0;
  let shortSeconds: number | undefined;
  for (const part of parts) {
    const read = readPart(part, videoId, rules, into);
    if ('problem' in read) return { problem: `${shortName(part.source.folder, videoId)}: ${read.problem}` };
    zeroed += read.zeroed;
    if (read.shortSeconds !== undefined) shortSeconds = Math.min(read.shortSeconds, shortSeconds ?? Infinity);
  }
  return { zeroed, shortSeconds };
}

function readPart({ source, fields }: Part, videoId: string, rules: ReadingRules, into: Readonly<Record<string, Float32Array>>): ReadVideo {
  const found = source.found.get(videoId)!;
  if ('problem' in found) return found;
  const ofSegments = rowsOfSegments(found.header.shape, rules.sampling);
  if (typeof ofSegments === 'string') return { problem: ofSegments };
  const { rows, shortSeconds } = ofSegments;
  const record = (field: string | undefined) => (field === undefined ? undefined : into[field]);
  const [frame, patch] = [record(fields.frame), record(fields.patch)];
  const ofSegment = (values: Float32Array | undefined, segment: number) =>
    values?.subarray((segment * values.length) / rows.length, ((segment + 1) * values.length) / rows.length);
  const storable = new Storable();
  const row = new Float32Array(valuesPerRow(found.header));
  try {
    eachNpyRow(found.file, found.header, rows, (exact, segment) => {
      storable.add(exact, rows[segment]);
      row.set(exact);
      placeRow(source.layout, source.sizes, row, ofSegment(frame, segment), ofSegment(patch, segment));
    });
  } catch (error) {
    if (error instanceof NpyError) return { problem: error.problem };
    throw error;
  }
  const problem =
    storable.describeUnstorable() ??
    (!rules.isTaken && storable.mayBeSmall() ? describeSmall(allOf(found.file, found.header, rows)) : undefined) ??
    (patch && !rules.isTaken ? describeBadPatches(patch, rules.fields[fields.patch!], rules.constant) : undefined);
  return problem === undefined ? { zeroed: storable.zeroed, shortSeconds } : { problem };
}

function allOf(file: string, header: NpyHeader, rows: readonly number[]): Float64Array {
  const exact = new Float64Array(rows.length * valuesPerRow(header));
  readNpyRows(file, header, rows, exact);
  return exact;
}

function describeBadPatches(patches: Float32Array, description: FieldDescription, constant: ReadingRules['constant']): string | undefined {
  const repeated = constant === 'refuse' ? describeRepeated(patches, description) : undefined;
  if (repeated !== undefined) return repeated;
  const loss = findHalfLoss(patches); // next to a class token that is kept
  return (
    loss &&
    `${describeHalfLoss(loss, patches.length, 'its patches')}. Bring class token and patches to one scale, in the files of all videos`
  );
}

/** Public scripts wrote a frame's pooled vector once for each patch. */
function describeRepeated(patch: Float32Array, description: FieldDescription): string | undefined {
  if (!hasEqualPatches(patch, description)) return undefined;
  const what = patch.every((value) => value === patch[0])
    ? `all its values are ${patch[0]}: these are not features`
    : `all ${description.shape[1]} patches are equal: this is the pooled vector repeated, not patch features`;
  return `${what}. --constant=keep takes it all the same`;
}
