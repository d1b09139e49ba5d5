import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FileError, readSealedFile } from '@tass/files';

const remedy = 'It is trained again';

/**
 * The reason why the run of a successful attempt no longer counts, as the message of its cell; undefined if the run exists, is finished and
 * belongs to the cell.
 */
export function problemOfRun(cell: string, run: string | undefined): string | undefined {
  if (run === undefined) return 'the run that computed it is unknown';
  const folder = join(dirname(dirname(cell)), run); // relative to the runs folder, which contains the folder of cells
  if (!existsSync(join(folder, 'manifest.json'))) return `its run ${run} no longer exists`;
  try {
    const { content } = readSealedFile(join(folder, 'manifest.json'), remedy);
    if ((content as { readonly cell?: unknown }).cell !== basename(cell)) return `its run ${run} belongs to another cell`;
    if (!existsSync(join(folder, 'report.json'))) return `its run ${run} has no report`;
    readSealedFile(join(folder, 'report.json'), remedy);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { file, reason } = error;
    return `its run ${run} is damaged: ${basename(file)} ${reason}`;
  }
  return undefined;
}
