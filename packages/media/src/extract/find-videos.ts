import { readdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { namesHolding } from '@tass/files';

/** Of the containers that are opened, see `formats` in probe.ts. */
const extensions = [
  ...['.mp4', '.m4v', '.mov', '.3gp', '.3g2', '.f4v', '.mkv', '.webm', '.avi', '.flv'],
  ...['.mpg', '.mpeg', '.vob', '.ts', '.mts', '.m2ts', '.wmv', '.asf', '.ogv'],
];

/**
 * The video files in `folder` by video id, their name without extension, in order of ids; hidden files are none. An id should have one file.
 * Throws if the folder is absent and no ids are `wanted`.
 */
export function findVideos(folder: string, wanted?: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const name of namesIn(folder, wanted !== undefined).sort()) {
    const extension = extname(name);
    if (name.startsWith('.') || !extensions.includes(extension.toLowerCase())) continue;
    const id = name.slice(0, -extension.length);
    files.set(id, [...(files.get(id) ?? []), resolve(folder, name)]);
  }
  return files;
}

function namesIn(folder: string, mayBeAbsent: boolean): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (mayBeAbsent && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`the folder of videos ${folder} cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** Throws unless `id` can be the name of a file: it comes from annotations. */
export function expectVideoId(id: string): void {
  if (id === '' || id === '.' || id === '..' || /[/\\\0]/.test(id) || id.startsWith('.'))
    throw new Error(`${JSON.stringify(id)} is not a video id, expected a file's name without extension`);
}

/** Why there is no video of an id, with what lies in its place: another container, no extension, a longer name. */
export function describeMissing(folder: string, id: string): string {
  const other = namesHolding(folder, id).find((name) => !name.startsWith('.'));
  if (other === undefined) return 'is not there, nor are frames and sound made from it. Fetch it, or take it out of the list';
  return `is not there, but ${other} is. If it is that video, rename it by its container, such as ${id}.mp4 or ${id}.mkv, or convert it with ffmpeg`;
}

/** Where a video is expected, for messages. */
export const expectedVideo = (folder: string, id: string): string => join(folder, `${id}.mp4`);

/** One line, whatever a name holds. */
export const printable = (name: string): string => (/[\0-\x1f\x7f]/.test(name) ? JSON.stringify(name) : name);
