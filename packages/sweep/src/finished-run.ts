import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readSealed } from '@tass/files';

/** Why the run of an attempt that succeeded counts no more, as the message of its cell; undefined where it is there, finished and of the cell. */
export function problemOfRun(cell: string, run: string | undefined): string | undefined {
  if (run === undefined) return 'which run computed it is not known any more';
  const folder = join(dirname(dirname(cell)), run); // from the folder of runs, which holds that of the cells
  if (!existsSync(join(folder, 'manifest.json'))) return `its run ${run} is not there any more`;
  try {
    const { content } = readSealed(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    if ((content as { readonly cell?: unknown }).cell !== basename(cell)) return `its run ${run} is of another cell`;
    if (!existsSync(join(folder, 'report.json'))) return `its run ${run} has no report`;
    readSealed(readFileSync(join(folder, 'report.json'), 'utf8'));
  } catch (error) {
    return `its run ${run} is damaged: a file ${(error as Error).message}`;
  }
  return undefined;
}
