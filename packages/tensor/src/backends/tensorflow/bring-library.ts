import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { LibraryManifest } from './library';
import { manifestFile } from './library';
import { unzipMember } from './unzip';
import type { Wheel } from './wheel';

export interface BringLibrary {
  readonly folder: string; // where the libraries are to be
  readonly wheel: Wheel;
  readonly neededBytes: number; // free space for the wheel and what is unpacked from it
  readonly download: (wheel: Wheel, folder: string) => Promise<string>; // returns the checked wheel's path
  readonly check: (folder: string) => Promise<void>; // throws where the libraries do not work
  readonly report: (line: string) => void;
}

/**
 * Fetches a wheel, unpacks its libraries, tries them, and only then gives them their place: all is done in a folder beside it, which is
 * renamed at the end and removed on any failure or interruption. What was in `folder` before is replaced.
 */
export async function bringLibrary({ folder, wheel, neededBytes, download, check, report }: BringLibrary): Promise<void> {
  const parent = path.dirname(folder);
  mkdirSync(parent, { recursive: true });
  expectSpace(parent, neededBytes);
  const work = mkdtempSync(path.join(parent, '.unfinished-'));
  const interrupted = (): void => {
    rmSync(work, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    report(`Downloading ${wheel.project} ${wheel.version} with pip`);
    const archive = await download(wheel, work);
    const files: LibraryManifest['files'][number][] = [];
    for (const member of wheel.members) {
      const name = path.basename(member);
      report(`Unpacking ${name}`);
      files.push({ name, ...(await unzipMember(archive, member, path.join(work, name))) });
    }
    await rm(archive);
    await check(work);
    await writeManifest(work, { version: wheel.version, wheel: { file: wheel.file, sha256: wheel.sha256 }, files });
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(work, folder);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

function expectSpace(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
  if (bavail * bsize < neededBytes)
    throw new Error(`${folder} has ${inMegabytes(bavail * bsize)} free, ${inMegabytes(neededBytes)} are needed`);
}

async function writeManifest(folder: string, manifest: LibraryManifest): Promise<void> {
  const file = await open(path.join(folder, manifestFile), 'wx');
  await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await file.sync();
  await file.close();
}
