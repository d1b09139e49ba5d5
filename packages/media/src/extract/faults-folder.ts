import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '@tass/files';

/** Why a video cannot be used, or not in full. A video may have several. */
export interface MediaFault {
  readonly videoId: string;
  readonly reason: string; // what is wrong with which file, and what to do
}

const suffix = '.json';
const faultsFolder = (datasetRoot: string): string => join(datasetRoot, 'media-faults');

/**
 * The faults of a dataset's videos, as the last extraction of each found them, in order of ids; none where nothing was extracted.
 * Throws, naming the file, for one that lists no faults.
 */
export function readMediaFaults(datasetRoot: string): MediaFault[] {
  const folder = faultsFolder(datasetRoot);
  const names = namesIn(folder).filter((name) => name.endsWith(suffix) && !name.startsWith('.'));
  return names.sort().flatMap((name) => {
    const videoId = name.slice(0, -suffix.length);
    return reasonsIn(join(folder, name)).map((reason) => ({ videoId, reason }));
  });
}

/**
 * Replaces the faults of one video, media-faults/<video id>.json; without any, the file goes. A file for each video, as several machines may
 * be at work. Throws DiskError.
 */
export function writeMediaFaults(datasetRoot: string, videoId: string, reasons: readonly string[]): void {
  const folder = faultsFolder(datasetRoot);
  const file = join(folder, `${videoId}${suffix}`);
  if (reasons.length === 0) return rmSync(file, { force: true });
  onDisk('media: cannot write faults', datasetRoot, () => {
    mkdirSync(folder, { recursive: true });
    const temporary = join(folder, `.${videoId}.${process.pid}`);
    writeFileSync(temporary, `${JSON.stringify({ reasons }, null, 1)}\n`, { flush: true });
    renameSync(temporary, file);
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function reasonsIn(file: string): string[] {
  try {
    const { reasons } = JSON.parse(readFileSync(file, 'utf8')) as { reasons?: unknown };
    if (Array.isArray(reasons) && reasons.every((reason) => typeof reason === 'string')) return reasons;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // mended just now
  }
  throw new Error(`${file}: lists no faults of a video, expected {"reasons": [...]}. Delete it; the next extraction writes it again`);
}
