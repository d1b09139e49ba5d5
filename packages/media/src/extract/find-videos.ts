import { readdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';

const extensions = ['.mp4', '.mkv', '.webm', '.avi', '.mov', '.flv', '.m4v', '.mpg'];

/**
 * The video files in `folder` by video id, their name without extension, in order of ids; hidden files are none.
 * Throws where the folder is absent and no ids are `wanted`, and, naming all of them, where several files have one id.
 */
export function findVideos(folder: string, wanted?: readonly string[]): Map<string, string> {
  const files = new Map<string, string[]>();
  for (const name of namesIn(folder, wanted !== undefined).sort()) {
    const extension = extname(name);
    if (name.startsWith('.') || !extensions.includes(extension.toLowerCase())) continue;
    const id = name.slice(0, -extension.length);
    files.set(id, [...(files.get(id) ?? []), resolve(folder, name)]);
  }
  const ids = wanted ? wanted.filter((id) => files.has(id)) : [...files.keys()];
  const twice = [...new Set(ids)].map((id) => files.get(id) ?? []).filter((same) => same.length > 1);
  if (twice.length > 0)
    throw new Error(`media: several files have one video id; keep one of each:\n${twice.map((same) => same.join(', ')).join('\n')}`);
  return new Map(ids.map((id) => [id, files.get(id)![0]]));
}

function namesIn(folder: string, mayBeAbsent: boolean): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (mayBeAbsent && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`media: the folder of videos ${folder} cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** Throws unless `id` can be the name of a file: it comes from annotations. */
export function expectVideoId(id: string): void {
  if (id === '' || id === '.' || id === '..' || /[/\\\0]/.test(id) || id.startsWith('.'))
    throw new Error(`media: ${JSON.stringify(id)} is no video id, expected a file's name without extension`);
}

/** Where a video is expected, for messages. */
export const expectedVideo = (folder: string, id: string): string => join(folder, `${id}.mp4`);
