import { createHash, type Hash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { namesHolding } from '@tass/files';
import type { Sampling } from '../manifest';
import { guessLayout, type LayoutName, layouts, type Sizes, sizesOf, squeezeAdvice } from './layouts';
import { NpyError, type NpyHeader, readFully, readNpyHeader, withFile } from './npy-header';
import { isOfSegments, isShort, rowsOfSegments } from './segment-rows';

/** A video's file with its header and the sha256 of its first values, or the reason why it is missing. */
export type Found =
  { readonly file: string; readonly header: NpyHeader; readonly head: string } | { readonly problem: string; readonly isAbsent?: boolean }; // isAbsent: no file is named after the video

export const isAbsent = (found: Found): boolean => 'problem' in found && found.isAbsent === true;

/** A folder of .npy files, one for each video, that agree on their shape. */
export interface Source {
  readonly folder: string;
  readonly layout: LayoutName;
  readonly sizes: Sizes;
  readonly rowShape: string; // of its files: "[time, 50, 512]"
  readonly rows: number; // of most of its files
  readonly found: ReadonlyMap<string, Found>; // by video id
}

const headBytes = 4096;

export const npyFile = (folder: string, videoId: string): string => join(folder, `${videoId}.npy`);

/** The name of a file in faults, without its folder on this machine. */
export const shortName = (folder: string, videoId: string): string => npyFile(basename(folder), videoId);

/** Throws if there is no folder, which is not a fault of single videos. */
export function expectFolder(folder: string): void {
  if (isFolder(folder)) return;
  throw new Error(`there is no folder ${folder}, expected <video id>.npy in it. Say where the features are: --from=<folder>`);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The content of a folder without a file of any video. */
export function describeContent(folder: string): string {
  const names = readdirSync(folder).sort();
  if (names.length === 0) return 'the folder is empty';
  return `the folder holds ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

/**
 * Looks at the header and the first values of a video's file: `<id>.npy`, or `<id>.NPY` where only that is there. `videos` are all
 * requested ones: a file named after another video is not taken for this one.
 */
export function lookAt(folder: string, videoId: string, videos: ReadonlySet<string>): Found {
  const names = namesHolding(folder, videoId).filter((name) => stemOf(name) === videoId || !videos.has(stemOf(name)));
  const spelled = names.filter((name) => name.toLowerCase().endsWith('.npy') && name.slice(0, -4) === videoId);
  const isThere = spelled.includes(`${videoId}.npy`);
  const file = spelled.length === 1 && !isThere ? join(folder, spelled[0]) : npyFile(folder, videoId);
  try {
    const header = readNpyHeader(file);
    const head = Buffer.alloc(headBytes);
    const got = withFile(file, (descriptor) => readFully(descriptor, head, header.start));
    return { file, header, head: createHash('sha256').update(head.subarray(0, got)).digest('hex') };
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
    if (names.length === 0) return { problem: error.problem, isAbsent: true };
    return { problem: spelled.length > 0 ? error.problem : `${error.problem}, but ${whatToDo(folder, videoId, names)}` };
  }
}

/** With what lies there under another name. */
function whatToDo(folder: string, videoId: string, alike: readonly string[]): string {
  const ready = alike.filter((name) => /\.npy$/i.test(name));
  if (ready.length === 1) return `${ready[0]} is. If that is its file, rename it to ${videoId}.npy`;
  if (ready.length > 1) return `${ready.slice(0, 3).join(' and ')} are. Name the right one ${videoId}.npy`;
  if (alike.includes(`${videoId}.npz`)) return `${videoId}.npz is. Save each of its arrays with numpy.save`;
  if (isFolder(join(folder, alike[0]))) return `the folder ${alike[0]} is. Each video needs one file, ${videoId}.npy`;
  return `${alike[0]} is. If it holds its features, save them as ${videoId}.npy with numpy.save`;
}

/** What an existing store records about its files. */
export interface KnownFormat {
  readonly layout: LayoutName;
  readonly rowShape: string;
}

export interface Agreement {
  readonly layout: LayoutName | 'auto';
  readonly lengths: 'equal' | 'any'; // of the files in time
  readonly hasFrames?: boolean; // in a folder of their own, which tells what patches may be
  readonly hint?: string; // ends the error of another shape
  readonly sampling: Sampling;
  readonly known?: KnownFormat;
}

const rowShapeOf = ({ shape }: NpyHeader): string => `[${['time', ...shape.slice(1)].join(', ')}]`;

/**
 * Finds the shape that most files of a folder have, unless a store records it, and its layout. A file with another shape or too few rows is
 * a fault. Throws if no file can be read or the layout is ambiguous.
 */
export function agree(
  folder: string,
  found: ReadonlyMap<string, Found>,
  { layout, lengths, sampling, known, hasFrames, hint = '' }: Agreement,
): Source {
  const readable = [...found].flatMap(([, each]) => ('header' in each ? [{ file: each.file, header: each.header }] : []));
  if (readable.length === 0) {
    const [[id, first]] = [...found].filter(([, each]) => !isAbsent(each)).concat([...found]);
    const reason = 'problem' in first && !isAbsent(first) ? first.problem : `is not there; ${describeContent(folder)}`;
    throw new Error(`none of ${found.size} files can be read; ${npyFile(folder, id)}: ${reason}`);
  }
  const rowShape = known?.rowShape ?? mostCommon(readable.map(({ header }) => rowShapeOf(header)));
  const alike = readable.filter(({ header }) => rowShapeOf(header) === rowShape);
  const time = mostCommon(alike.map(({ header }) => header.shape[0]));
  const [example = readable[0]] = alike;
  const { file } = example;
  const chosen = layout !== 'auto' ? layout : (known?.layout ?? guessLayout(file, example.header.shape, hasFrames));
  const sizes = sizesOf(chosen, example.header.shape);
  if (!sizes) {
    throw new Error(
      `${file} has shape [${example.header.shape.join(', ')}], expected ${layouts[chosen]} (--layout=${chosen})${squeezeAdvice(example.header.shape)}${hint}`,
    );
  }
  const problemOf = (header: NpyHeader): string | undefined => {
    if (rowShapeOf(header) !== rowShape) return `has shape [${header.shape.join(', ')}], expected ${rowShape} as the others`;
    const rows = rowsOfSegments(header.shape, sampling);
    if (typeof rows === 'string') return rows;
    if (isOfSegments(header.shape[0], sampling) && !isOfSegments(time, sampling))
      return `has ${header.shape[0]} rows, others ${time}: seconds of a short video, or one row a segment? Save all videos the same way`;
    if (lengths === 'any' || header.shape[0] === time) return undefined;
    if (header.shape[0] < time && isShort(header.shape[0], sampling)) return undefined;
    return `has ${header.shape[0]} rows, expected ${time} as the others. If videos may differ in length: --lengths=any`;
  };
  const checked = new Map([...found].map(([id, each]) => [id, 'header' in each ? withProblem(each, problemOf(each.header)) : each]));
  return { folder, layout: chosen, sizes, rowShape, rows: time, found: checked };
}

const withProblem = (found: Found, problem: string | undefined): Found => (problem === undefined ? found : { problem });

/** Of equally many the first. */
function mostCommon<Value>(values: readonly Value[]): Value {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [values[0], 0] as [Value, number])[0];
}

/** Adds a folder's usable files to a digest: their names, types, shapes (and so sizes), and the first 4 KiB of values of each. */
export function addToDigest(hash: Hash, { found }: Source): void {
  for (const [id, each] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if ('header' in each) hash.update(`${JSON.stringify([id, each.header, each.head])}\n`);
  }
}
