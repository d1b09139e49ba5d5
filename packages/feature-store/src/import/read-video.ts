import { hasEqualPatches } from '../doubts';
import { countZeroed, describeHalfLoss, findHalfLoss } from '../half-loss';
import type { FieldDescription, Sampling } from '../manifest';
import { placeRow } from './layouts';
import { NpyError } from './npy-header';
import { readNpyRows, valuesPerRow } from './npy-rows';
import { rowsOfSegments } from './segment-rows';
import { shortName, type Source } from './source-folder';

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

/** Reads the segments of one video from all parts into its record of each field. Only the rows of the segments are read. */
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
  const length = valuesPerRow(found.header);
  const exact = new Float64Array(rows.length * length);
  try {
    readNpyRows(found.file, found.header, rows, exact);
  } catch (error) {
    if (error instanceof NpyError) return { problem: error.problem };
    throw error;
  }
  const problem = describeUnstorable(exact, rows) ?? (rules.isTaken ? undefined : describeSmall(exact));
  if (problem !== undefined) return { problem };
  const values = new Float32Array(exact);
  const { frame, patch } = fields;
  const ofSegment = (record: Float32Array, segment: number) => {
    const size = record.length / rows.length;
    return record.subarray(segment * size, (segment + 1) * size);
  };
  rows.forEach((_, segment) => {
    const places = [frame, patch].map((field) => (field === undefined ? undefined : ofSegment(into[field], segment)));
    placeRow(source.layout, source.sizes, ofSegment(values, segment), ...places);
  });
  const ofPatches = patch === undefined || rules.isTaken ? undefined : describeBadPatches(into[patch], rules.fields[patch], rules.constant);
  return ofPatches === undefined ? { zeroed: countZeroed(exact), shortSeconds } : { problem: ofPatches };
}

const greatestStorable = 65520; // from here on float16 rounds to infinity

function describeUnstorable(values: Float64Array, rows: readonly number[]): string | undefined {
  const bad = values.findIndex((value) => !(Math.abs(value) < greatestStorable));
  if (bad < 0) return undefined;
  const length = values.length / rows.length;
  const where = `row ${rows[Math.floor(bad / length)]} holds ${values[bad]} at value ${bad % length}`;
  const strange = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (strange > 0) return `${where}, expected finite numbers: ${strange} of ${values.length} are not`;
  const large = values.reduce((count, value) => count + (Math.abs(value) < greatestStorable ? 0 : 1), 0);
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    `${where}, too large for float16, in which features are stored: ${large} of ${values.length} values are, the greatest magnitude is ` +
    `${greatest.toPrecision(2)}. ${scaleAll(greatest)}`
  );
}

function describeSmall(values: Float64Array): string | undefined {
  const loss = findHalfLoss(values);
  return loss && `${describeHalfLoss(loss, values.length)}. ${scaleAll(loss.greatest)}`;
}

/** By the power of ten that brings the greatest magnitude to between 1 and 10, as far as there is one. */
const scaleAll = (greatest: number): string =>
  `Multiply the files of all videos by one and the same number, such as 1e${Math.min(300, -Math.floor(Math.log10(greatest)))}`;

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
    ? `all its values are ${patch[0]}: these are no features`
    : `all ${description.shape[1]} patches are equal: this is the pooled vector repeated, not patch features`;
  return `${what}. --constant=keep takes it all the same`;
}
