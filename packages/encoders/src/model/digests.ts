import { statSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, readJson, writeSharedFileAtomically } from '@tass/files';

/** What is known of a file's content as long as its size and time of change stay. */
interface Known {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

const large = 16e6; // bytes; smaller files are read each time

const notesPath = (folder: string): string => join(folder, '.digests.json');

/**
 * sha256 of a model's file. Of large files it is noted in the model's folder, so that each start of a training does not read a gigabyte; a folder
 * that cannot be written has it read each time.
 */
export function digestOf(folder: string, file: string, compute: () => string): string {
  const stat = statSync(join(folder, file), { throwIfNoEntry: false });
  if (!stat || stat.size < large) return compute();
  const notes = readNotes(folder);
  const known = notes[file];
  if (known?.size === stat.size && known.mtimeMs === stat.mtimeMs) return known.sha256;
  const sha256 = compute();
  try {
    const note: Known = { size: stat.size, mtimeMs: stat.mtimeMs, sha256 };
    writeSharedFileAtomically(notesPath(folder), `${JSON.stringify({ ...notes, [file]: note }, null, 1)}\n`);
  } catch {
    // read again next time
  }
  return sha256;
}

function readNotes(folder: string): Readonly<Record<string, Known | undefined>> {
  try {
    return (readJson(notesPath(folder), mostBytes.record) as Record<string, Known> | null) ?? {};
  } catch {
    return {};
  }
}
