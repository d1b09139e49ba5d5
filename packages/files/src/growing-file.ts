import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onDisk, syncFolder } from './disk';

/**
 * A file whose content comes in parts, of which none is kept in memory: it is there whole after `commit` or not at all, as with
 * `writeFileAtomically`. One writer for a file at a time. Throws DiskError.
 */
export class GrowingFile {
  private readonly temporary: string;
  private readonly descriptor: number;
  private isOpen = true;

  constructor(readonly file: string) {
    this.temporary = `${file}.tmp`; // the next writer takes the place of what a killed one left
    this.descriptor = this.onDisk(() => openSync(this.temporary, 'w'));
  }

  append(bytes: Uint8Array): void {
    this.onDisk(() => writeFileSync(this.descriptor, bytes));
  }

  commit(): void {
    this.onDisk(() => {
      fsyncSync(this.descriptor);
      this.close();
      renameSync(this.temporary, this.file);
      syncFolder(dirname(this.file));
    });
  }

  /** Removes what was written, instead of `commit` or after one that failed. */
  abandon(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private close(): void {
    if (this.isOpen) closeSync(this.descriptor);
    this.isOpen = false;
  }

  private onDisk<Result>(work: () => Result): Result {
    return onDisk(`cannot write ${this.file}`, dirname(this.file), work);
  }
}
