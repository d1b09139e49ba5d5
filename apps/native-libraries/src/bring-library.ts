import { lockFolder, mostBytes, readJson, writeFileAtomically } from '@tass/files';
import { differenceIn, type LibraryManifest, manifestFile } from '@tass/onnx';
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import * as path from 'node:path';
import { unpackWheel, type UnpackedWheel } from './unpack-wheel';
import type { Distribution, Downloaded, Wheel } from './wheel';

export interface BringLibrary {
  readonly folder: string; // where the libraries are to be
  readonly distribution: Distribution;
  readonly download: (wheel: Wheel, folder: string) => Promise<Downloaded | undefined>;
  readonly check: (folder: string) => Promise<void>; // throws where the libraries do not work
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal; // stops between downloads, and before the check
}

const receiptsFile = 'receipts.json';

/**
 * Fetches wheels, unpacks their libraries beside `folder`, tries them, and only then gives them their place. What was in `folder` before is
 * replaced. Stopped or failed, whole wheels are kept for the next call; what does not pass `check` is removed. Throws if another process
 * does the same, the disk has no space, a download fails or a sum differs; the signal's reason.
 */
export async function bringLibrary(options: BringLibrary): Promise<void> {
  const { folder, check, signal } = options;
  const work = `${folder}.unfinished`;
  mkdirSync(path.dirname(folder), { recursive: true });
  const release = lockFolder(path.dirname(folder), { file: `${path.basename(folder)}.lock`, what: 'the cache' });
  try {
    const wheels = await bringWheels(work, options);
    signal?.throwIfAborted();
    await check(work).catch((error: unknown) => {
      rmSync(path.join(work, receiptsFile));
      throw error;
    });
    const manifest: LibraryManifest = {
      wheels: wheels.map(({ wheel }) => wheel),
      files: wheels.flatMap(({ files }) => files),
    };
    writeFileAtomically(path.join(work, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    rmSync(path.join(work, receiptsFile));
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
  } catch (error) {
    const isKept = existsSync(path.join(work, receiptsFile));
    if (!isKept) rmSync(work, { recursive: true, force: true });
    const advice = isKept ? '. Whole wheels are kept: run the command again to resume' : '';
    throw new Error(`${error instanceof Error ? error.message : String(error)}${advice}`, { cause: error });
  } finally {
    release();
  }
}

async function bringWheels(work: string, { distribution, download, report, signal }: BringLibrary): Promise<UnpackedWheel[]> {
  const receipts = readReceipts(work);
  if (receipts.size === 0) rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  expectSpace(work, distribution.neededBytes - [...receipts.values()].reduce((sum, wheel) => sum + bytesOf(wheel), 0));
  const downloads = path.join(work, 'download');
  const bring = async (wheel: Wheel, extras?: readonly string[]): Promise<UnpackedWheel[]> => {
    const { requirement } = wheel;
    const kept = receipts.get(requirement);
    if (kept !== undefined) return [kept];
    signal?.throwIfAborted();
    report(`Downloading ${requirement} with pip`);
    rmSync(downloads, { recursive: true, force: true });
    const downloaded = await download(wheel, downloads);
    const unpacked = downloaded && (await unpackWheel(downloaded, work, distribution.placeOf, extras));
    rmSync(downloads, { recursive: true });
    if (unpacked === undefined) return [];
    report(`Unpacked ${unpacked.files.length} files, ${Math.ceil(bytesOf(unpacked) / 1e6)} MB`);
    receipts.set(requirement, unpacked);
    writeFileAtomically(path.join(work, receiptsFile), JSON.stringify([...receipts]));
    return [unpacked];
  };
  const wheels = await bring(distribution.wheel, distribution.extras);
  for (const requirement of [...wheels[0].requirements, ...(distribution.further ?? [])]) wheels.push(...(await bring({ requirement })));
  return wheels;
}

/** The wheels that an earlier call left in `work`, by requirement, where all their files are still there. */
function readReceipts(work: string): Map<string, UnpackedWheel> {
  try {
    const receipts = readJson<[string, UnpackedWheel][]>(path.join(work, receiptsFile), mostBytes.record);
    return new Map(receipts.filter(([, { files }]) => differenceIn(work, files) === undefined));
  } catch {
    return new Map(); // absent or damaged: all are brought again
  }
}

function bytesOf({ files }: UnpackedWheel): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Throws if the disk of `folder` has less than `neededBytes` free. */
function expectSpace(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
  if (bavail * bsize < neededBytes)
    throw new Error(`${folder} has ${inMegabytes(bavail * bsize)} free, ${inMegabytes(neededBytes)} are needed`);
}
