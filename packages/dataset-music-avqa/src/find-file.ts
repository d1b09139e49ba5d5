import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The first of these files below `root`, plain or gzipped: folder by folder, in each name by name. */
export function findFile(root: string, folders: readonly string[], names: readonly string[]): string | undefined {
  return folders
    .flatMap((folder) => names.flatMap((name) => ['', '.gz'].map((ending) => join(root, folder, `${name}${ending}`))))
    .find((file) => existsSync(file));
}

/** The folders below `root`, for a message. */
export const listed = (root: string, folders: readonly string[]): string => folders.map((folder) => join(root, folder)).join(', ');
