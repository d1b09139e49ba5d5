import { join } from 'node:path';
import { VideoNotes } from './video-notes';

/** Why frames or the sound that were made of a video can hardly be right, though they are there. */
export interface MediaDoubts {
  readonly frames?: readonly string[];
  readonly sound?: readonly string[];
}

const notesOf = (datasetRoot: string): VideoNotes => new VideoNotes(join(datasetRoot, 'media-doubts'));

/** The doubts of one video, media-doubts/<video id>.json, as they were found when its frames and sound were made. */
export function readMediaDoubts(datasetRoot: string, videoId: string): MediaDoubts {
  const notes = notesOf(datasetRoot);
  const refuse = (what: string, cause?: unknown) =>
    new Error(`${notes.fileOf(videoId)}: ${what}. Delete it, and frames and sound of the video, which are then made again`, { cause });
  let note: unknown;
  try {
    note = notes.read(videoId);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw refuse(`is no JSON (${cause.message})`, cause);
  }
  if (note === undefined) return {};
  if (isDoubts(note)) return note;
  throw refuse('lists no doubts of a video');
}

const isDoubts = (note: unknown): note is MediaDoubts =>
  note instanceof Object &&
  Object.values(note).every((reasons) => Array.isArray(reasons) && reasons.every((reason) => typeof reason === 'string'));

/** Replaces what is doubtful of one kind; without any doubts, the file goes. Throws DiskError. */
export function writeMediaDoubts(datasetRoot: string, videoId: string, kind: keyof MediaDoubts, reasons: readonly string[]): void {
  const { [kind]: former, ...others } = readMediaDoubts(datasetRoot, videoId);
  if (reasons.length === 0 && former === undefined) return;
  const doubts = reasons.length === 0 ? others : { ...others, [kind]: reasons };
  notesOf(datasetRoot).write(videoId, Object.keys(doubts).length === 0 ? undefined : doubts);
}
