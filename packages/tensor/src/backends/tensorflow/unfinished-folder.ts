import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { manifestFile, type LibraryManifest } from './library';
import type { UnpackedWheel } from './unpack-wheel';

/**
 * The folder in which a library is put together, over several calls if need be. While a process works in it it has a name of its own, so that
 * two at once do not meet; left, it waits beside its target for the next one, which takes it by renaming.
 */
export class UnfinishedFolder {
  readonly location: string;
  private readonly waiting: string;
  private readonly receipts: string;
  private readonly temporary: string;

  constructor(private readonly target: string) {
    this.waiting = `${target}.unfinished`;
    this.location = mkdtempSync(path.join(path.dirname(target), '.unfinished-'));
    if (existsSync(this.waiting)) renameSync(this.waiting, this.location);
    this.receipts = path.join(this.location, 'receipts');
    this.temporary = path.join(this.location, 'download');
    mkdirSync(this.receipts, { recursive: true });
  }

  /** A place for one download that is not there yet. */
  downloads(): string {
    rmSync(this.temporary, { recursive: true, force: true });
    return this.temporary;
  }

  /** The wheel that met `requirement`, where all its files are still there. */
  kept(requirement: string): UnpackedWheel | undefined {
    const receipt = this.receiptOf(requirement);
    return existsSync(receipt) ? this.read(receipt) : undefined;
  }

  keep(requirement: string, unpacked: UnpackedWheel): void {
    rmSync(this.temporary, { recursive: true });
    writeFileSync(this.receiptOf(requirement), JSON.stringify(unpacked));
  }

  keptBytes(): number {
    const wheels = readdirSync(this.receipts).map((file) => this.read(path.join(this.receipts, file)));
    return wheels.reduce((sum, wheel) => sum + (wheel ? bytesOf(wheel) : 0), 0);
  }

  /** Lets the next call have it, or removes it where no wheel is whole. Tells whether it is kept. */
  leave(): boolean {
    if (!existsSync(this.location)) return false;
    rmSync(this.temporary, { recursive: true, force: true });
    if (readdirSync(this.receipts).length === 0 || existsSync(this.waiting)) {
      this.remove();
      return false;
    }
    renameSync(this.location, this.waiting);
    return true;
  }

  remove(): void {
    rmSync(this.location, { recursive: true, force: true });
  }

  /** Gives it its place, with its manifest. */
  async finish(manifest: LibraryManifest): Promise<void> {
    rmSync(this.receipts, { recursive: true });
    const file = await open(path.join(this.location, manifestFile), 'wx');
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
    await file.close();
    rmSync(this.target, { recursive: true, force: true });
    renameSync(this.location, this.target);
  }

  private receiptOf(requirement: string): string {
    return path.join(this.receipts, `${encodeURIComponent(requirement)}.json`);
  }

  private read(receipt: string): UnpackedWheel | undefined {
    const unpacked = JSON.parse(readFileSync(receipt, 'utf8')) as UnpackedWheel;
    const isWhole = unpacked.files.every(
      ({ name, bytes }) => statSync(path.join(this.location, name), { throwIfNoEntry: false })?.size === bytes,
    );
    return isWhole ? unpacked : undefined;
  }
}

export function bytesOf({ files }: UnpackedWheel): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
