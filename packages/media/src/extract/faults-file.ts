import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@tass/files';

/** Why a video cannot be used, or not in full. A video may have several. */
export interface MediaFault {
  readonly videoId: string;
  readonly reason: string; // what is wrong with which file, and what to do
}

const faultsFile = (datasetRoot: string): string => join(datasetRoot, 'media-faults.jsonl');

/**
 * The faults of a dataset's videos, as the last extraction of each found them; none where nothing was extracted.
 * Throws, naming file and line, for a line that is no fault.
 */
export function readMediaFaults(datasetRoot: string): MediaFault[] {
  const file = faultsFile(datasetRoot);
  return textOf(file)
    .split('\n')
    .flatMap((line, index) => (line === '' ? [] : [parse(line, `${file}:${index + 1}`)]));
}

/** Replaces the faults of `videos`; those of others stay. Throws DiskError. */
export function writeMediaFaults(datasetRoot: string, videos: ReadonlySet<string>, faults: readonly MediaFault[]): void {
  const others = readMediaFaults(datasetRoot).filter(({ videoId }) => !videos.has(videoId));
  const all = [...others, ...faults].sort((a, b) => (a.videoId < b.videoId ? -1 : Number(a.videoId > b.videoId)));
  if (all.length === 0) return rmSync(faultsFile(datasetRoot), { force: true });
  writeFileAtomically(faultsFile(datasetRoot), all.map((fault) => `${JSON.stringify(fault)}\n`).join(''));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parse(line: string, place: string): MediaFault {
  try {
    const { videoId, reason } = JSON.parse(line) as Partial<MediaFault>;
    if (typeof videoId === 'string' && typeof reason === 'string') return { videoId, reason };
  } catch {
    // told below
  }
  throw new Error(
    `${place}: is no fault of a video, expected {"videoId": ..., "reason": ...}. Delete the file; the next extraction writes it again`,
  );
}
