import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './disk';

/** Creates `folder` and its parents, so that their names survive a power loss. Existing ones stay. */
export function makeFolders(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    syncFolder(dirname(made));
    if (made.length <= first.length) return;
  }
}
