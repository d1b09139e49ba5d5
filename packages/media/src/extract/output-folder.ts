import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromName, identityOf, mayBeAlive, mostBytes, onDisk, readOwnText, syncFolder, toName } from '@tass/files';

/** The version of a video file that frames or sound were made from. */
export interface Source {
  readonly size: number; // bytes
  readonly changed: number; // whole seconds of Unix time, which copies and archives keep
}

/** `brought`: by the user, with no record of ours. `stale`: made from another version of the video, or with other settings. */
export type OutputState = 'absent' | 'brought' | 'fresh' | 'stale';

const working = '.making-'; // and who: the name tells whether it may be cleared away, from its first moment on
let runs = 0; // of this process

/**
 * A folder with one output for each video, frames/ or audio/. An output appears whole, by a rename; what it was made from stands in
 * .sources/<video id>.json. An output without such a record was brought by the user and is left as it is.
 */
export class OutputFolder {
  private readonly workFolder: string;
  private made = 0;

  /** `settings` that are other than a record's make its output stale. */
  constructor(
    readonly path: string,
    private readonly nameOf: (videoId: string) => string,
    private readonly settings: Readonly<Record<string, number | string>>,
  ) {
    this.workFolder = join(path, `${working}${toName(identityOf())}.${runs++}`);
  }

  /** Makes the folder, and clears away what runs that are dead by now left in it. Throws DiskError. */
  open(): void {
    onDisk('cannot write frames and sound', this.path, () => {
      mkdirSync(join(this.path, '.sources'), { recursive: true });
      for (const name of readdirSync(this.path)) if (isLeftOver(name)) remove(join(this.path, name));
      mkdirSync(this.workFolder, { recursive: true });
    });
  }

  close(): void {
    remove(this.workFolder);
  }

  /** `source` is undefined if the video itself is not there. */
  stateOf(videoId: string, source: Source | undefined): OutputState {
    if (!isThere(join(this.path, this.nameOf(videoId)))) return 'absent';
    const record = this.recordOf(videoId);
    if (record === undefined) return 'brought';
    if (source === undefined) return 'fresh';
    return record === this.recordText(source) ? 'fresh' : 'stale';
  }

  /** An empty folder in which an output can be made; `publish` or `close` removes it. */
  newFolder(): string {
    const folder = join(this.workFolder, String(this.made++));
    onDisk('cannot write frames and sound', this.path, () => mkdirSync(folder));
    return folder;
  }

  /**
   * Puts `made` in its place. The record comes before the output, so that a death between the two leaves an absent output, never an old
   * one with a new record. Where another run was faster, its output stays.
   */
  publish(videoId: string, made: string, source: Source): void {
    const place = join(this.path, this.nameOf(videoId));
    onDisk('cannot write frames and sound', this.path, () => {
      if (this.stateOf(videoId, source) === 'stale') renameSync(place, join(this.workFolder, `old-${this.made++}`));
      const record = join(this.workFolder, 'record'); // each run has its own, as two may work at one video
      writeFileSync(record, this.recordText(source), { flush: true });
      renameSync(record, this.recordFile(videoId));
      try {
        renameSync(made, place);
      } catch (error) {
        if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
      syncFolder(this.path);
    });
  }

  private recordFile(videoId: string): string {
    return join(this.path, '.sources', `${videoId}.json`);
  }

  private recordText({ size, changed }: Source): string {
    return JSON.stringify({ size, changed, ...this.settings });
  }

  private recordOf(videoId: string): string | undefined {
    try {
      return readOwnText(this.recordFile(videoId), mostBytes.small);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** An empty folder is no output. */
function isThere(place: string): boolean {
  const found = statSync(place, { throwIfNoEntry: false });
  return found !== undefined && (!found.isDirectory() || readdirSync(place).length > 0);
}

function isLeftOver(name: string): boolean {
  if (!name.startsWith(working)) return false;
  const owner = fromName(name.slice(working.length).split('.')[0]);
  return owner !== undefined && !mayBeAlive(owner);
}

/** An ffmpeg that outlived its run may still write there for a moment; what cannot be removed now is removed by the next run. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  } catch {
    return;
  }
}
