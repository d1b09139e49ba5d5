import { join } from 'node:path';
import { VideoNotes } from './video-notes';

/** Why a video cannot be used, or not in full. A video may have several. */
export interface MediaFault {
  readonly videoId: string;
  readonly reason: string; // what is wrong with which file, and what to do
}

const notesOf = (datasetRoot: string): VideoNotes => new VideoNotes(join(datasetRoot, 'media-faults'));

/**
 * The faults of a dataset's videos, as the last extraction of each found them, in order of ids; none where nothing was extracted.
 * Throws, naming the file, for one that lists no faults.
 */
export function readMediaFaults(datasetRoot: string): MediaFault[] {
  const notes = notesOf(datasetRoot);
  return notes.videos().flatMap((videoId) => reasonsIn(notes, videoId).map((reason) => ({ videoId, reason })));
}

/** Replaces the faults of one video, media-faults/<video id>.json; without any, the file goes. Throws DiskError. */
export function writeMediaFaults(datasetRoot: string, videoId: string, reasons: readonly string[]): void {
  notesOf(datasetRoot).write(videoId, reasons.length === 0 ? undefined : { reasons });
}

function reasonsIn(notes: VideoNotes, videoId: string): string[] {
  try {
    const note = notes.read(videoId) as { reasons?: unknown } | null | undefined;
    if (note === undefined) return []; // mended just now
    if (Array.isArray(note?.reasons) && note.reasons.every((reason) => typeof reason === 'string')) return note.reasons;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(
    `${notes.fileOf(videoId)}: lists no faults of a video, expected {"reasons": [...]}. Delete it; the next extraction writes it again`,
  );
}
