import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The first of these files below `root`, plain or gzipped: folder by folder, in each name by name. */
export function findFile(root: string, folders: readonly string[], names: readonly string[]): string | undefined {
  return folders
    .flatMap((folder) => names.flatMap((name) => ['', '.gz'].map((ending) => join(root, folder, `${name}${ending}`))))
    .find((file) => existsSync(file));
}

/** The folders below `root`, for a message. */
export const listed = (root: string, folders: readonly string[]): string => folders.map((folder) => join(root, folder)).join(', ');

/** What these folders have instead of a file, for a message: a broken link, or another spelling of its name. '' for nothing. */
export function describeOthers(root: string, folders: readonly string[], names: readonly string[]): string {
  const letters = (name: string) =>
    name
      .replace(/\.json.*$/i, '')
      .replace(/[^a-z0-9]/gi, '')
      .toLowerCase();
  const wanted = new Set(names.map(letters));
  for (const folder of folders.map((name) => join(root, name))) {
    for (const name of namesIn(folder)) {
      const file = join(folder, name);
      if (names.some((each) => name === each || name === `${each}.gz`))
        return `${file} is a link to ${readlinkSync(file)}, which is not there. `;
      if (wanted.has(letters(name.replace(/ \(\d+\)/, '')))) return `There is ${file}: rename it if it is the file. `;
    }
  }
  return '';
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
