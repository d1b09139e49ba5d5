import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromName, identityOf, mayBeAlive, mostBytes, onDisk, readOwnText, syncFolder, toName } from '@tass/files';
import { discarded, discarding, Output } from './output';
import type { Source } from './source';

const working = '.making-'; // and who: the name tells whether it may be cleared away, from its first moment on
let runs = 0; // of this process

/**
 * A folder with one output for each video, frames/ or audio/. An output appears whole, by a rename; what it was made from stands in
 * .sources/<video id>.json. An output without such a record was brought by the user and is left as it is.
 */
export class OutputFolder {
  readonly ownSettings: string | undefined;
  private readonly workFolder: string;
  private made = 0;
  private isOpen = false;

  /** `settings` that are other than a record's make its output stale; without them, any will do. */
  constructor(
    readonly path: string,
    private readonly nameOf: (videoId: string) => string,
    settings?: Readonly<Record<string, number | string>>,
  ) {
    this.ownSettings = settings && JSON.stringify(settings);
    this.workFolder = join(path, `${working}${toName(identityOf())}.${runs++}`);
  }

  /** Makes the folder, and clears away what runs that are dead by now left in it; once. Throws DiskError. */
  open(): void {
    if (this.isOpen) return;
    onDisk('cannot write frames and sound', this.path, () => {
      mkdirSync(join(this.path, '.sources'), { recursive: true });
      for (const name of readdirSync(this.path)) if (isLeftOver(name)) remove(join(this.path, name));
      mkdirSync(this.workFolder, { recursive: true });
    });
    this.isOpen = true;
  }

  close(): void {
    if (this.isOpen) remove(this.workFolder);
    this.isOpen = false;
  }

  /** What stands here for a video now. */
  read(videoId: string): Output {
    return new Output(isThere(join(this.path, this.nameOf(videoId))), this.textOf(videoId), this.ownSettings);
  }

  /** Removes an output of ours. Its record comes first and last: a death between leaves it stale, and what the user brings later is the user's. Throws DiskError. */
  discard(videoId: string): void {
    this.open();
    onDisk('cannot write frames and sound', this.path, () => {
      this.writeRecord(videoId, discarding);
      const place = join(this.path, this.nameOf(videoId));
      if (isThere(place)) renameSync(place, join(this.workFolder, `old-${this.made++}`)); // another run may have been faster
      this.writeRecord(videoId, discarded);
      syncFolder(this.path);
    });
  }

  /** Records the time of a version of the video that has the same content as the recorded one. Throws DiskError. */
  confirm(videoId: string, { changed }: Source): void {
    const { record } = this.read(videoId);
    if (record === undefined || record.source.changed === changed) return;
    this.open();
    const text = recordText({ ...record.source, changed }, record.settings);
    onDisk('cannot write frames and sound', this.path, () => this.writeRecord(videoId, text));
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
      if (this.read(videoId).stateOf(source) === 'stale') renameSync(place, join(this.workFolder, `old-${this.made++}`));
      this.writeRecord(videoId, recordText(source, this.ownSettings));
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

  private writeRecord(videoId: string, text: string): void {
    const record = join(this.workFolder, 'record'); // each run has its own, as two may work at one video
    writeFileSync(record, text, { flush: true });
    renameSync(record, this.recordFile(videoId));
  }

  private textOf(videoId: string): string | undefined {
    try {
      return readOwnText(this.recordFile(videoId), mostBytes.small);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function recordText({ size, changed, sha256 }: Source, settings = '{}'): string {
  return JSON.stringify({ size, changed, ...(sha256 === undefined ? {} : { sha256 }), ...(JSON.parse(settings) as object) });
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
