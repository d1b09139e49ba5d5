import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { describeAbsence } from './absent';

/** A link or a folder that could not be followed. */
interface LostFolder {
  readonly path: string;
  readonly reason: string; // such as `is a link to /old/disk, which is not there`
}

export interface FoldersBelow {
  readonly folders: readonly string[]; // the root first
  readonly lost: readonly LostFolder[];
}

/**
 * All folders below `root`, including `root`; follows symbolic links. Each folder is listed once, even if several links lead to it, which
 * also ends cycles: under its own path if that is below `root`, else under the link's path. Skips hidden names, and everything below a
 * folder for which `isLeaf` holds. Empty if `root` does not exist.
 */
export function foldersBelow(root: string, isLeaf: (folder: string) => boolean = () => false): FoldersBelow {
  if (lstatSync(root, { throwIfNoEntry: false }) === undefined) return { folders: [], lost: [] };
  const folders: string[] = [];
  const lost: LostFolder[] = [];
  const seen = new Set<string>(); // real paths
  const links = [root]; // or a folder, here

  const visit = (folder: string, real: string): void => {
    if (seen.has(real)) return;
    seen.add(real);
    const entries = isLeaf(folder) ? [] : entriesOf(folder);
    if (typeof entries === 'string') return void lost.push({ path: folder, reason: `cannot be read (${entries})` });
    folders.push(folder);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path, join(real, entry.name));
      else if (entry.isSymbolicLink()) links.push(path);
    }
  };

  for (const link of links) {
    // grows during the loop: links come after all folders that are reached without them
    try {
      if (statSync(link).isDirectory()) visit(link, realpathSync(link));
    } catch (error) {
      lost.push({ path: link, reason: whyLost(link, error) });
    }
  }
  return { folders, lost };
}

/** By name; or the code of the error. */
function entriesOf(folder: string): Dirent[] | string {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' ? [] : code; // deleted meanwhile
  }
}

function whyLost(link: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return describeAbsence(link);
  if (code === 'ELOOP') return 'is a link that leads back to itself';
  if (code === undefined) throw error;
  return `is a link that cannot be followed (${code})`;
}
