import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** The user's home folder. Undefined if HOME is not set and the user's number has no name, as in containers: Node throws there. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * A path with the home folder for a `~` at its beginning, which shells leave as it is in `key=~/x` and `--option=~/x`. `what` names the path in
 * errors, as in `dataset.root`. Throws for another user's home, and where there is no home folder.
 */
export function expandHome(path: string, what: string): string {
  if (!path.startsWith('~')) return path;
  if (!/^~($|[\\/])/.test(path))
    throw new Error(
      `${what} is ${path}: only your own home folder can be written as ~. Write the whole path, or ./${path} for a folder of that name`,
    );
  const home = homeFolder();
  if (home === undefined)
    throw new Error(
      `${what} is ${path}, but there is no home folder, as HOME is not set and the user has no name here. Write the whole path`,
    );
  return home + path.slice(1);
}

/** The absolute path for a setting: relative paths start from `folder`, `~` is the home folder. Throws as `expandHome`. */
export const pathFrom = (folder: string, path: string, what: string): string => resolve(folder, expandHome(path, what));
