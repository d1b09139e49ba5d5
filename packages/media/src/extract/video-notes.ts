import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, onDisk, parseJson, readOwnText, writeSharedFileAtomically } from '@tass/files';

const suffix = '.json';

/** A folder of a dataset with a note on some of its videos, <video id>.json: a file for each video, as several machines may be at work. */
export class VideoNotes {
  constructor(private readonly folder: string) {}

  fileOf(videoId: string): string {
    return join(this.folder, `${videoId}${suffix}`);
  }

  /** The videos that have a note, in order of ids; none where there is no folder. */
  videos(): string[] {
    try {
      const names = readdirSync(this.folder).filter((name) => name.endsWith(suffix) && !name.startsWith('.'));
      return names.sort().map((name) => name.slice(0, -suffix.length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** The parsed note; undefined if it is missing. Throws SyntaxError if it is not JSON. */
  read(videoId: string): unknown {
    try {
      return parseJson(readOwnText(this.fileOf(videoId), mostBytes.record));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Replaces a note; undefined removes it. Throws DiskError. */
  write(videoId: string, note: object | undefined): void {
    if (note === undefined) return rmSync(this.fileOf(videoId), { force: true });
    onDisk('cannot write what is wrong with videos', this.folder, () => {
      mkdirSync(this.folder, { recursive: true });
      writeSharedFileAtomically(this.fileOf(videoId), `${JSON.stringify(note, null, 1)}\n`);
    });
  }
}
