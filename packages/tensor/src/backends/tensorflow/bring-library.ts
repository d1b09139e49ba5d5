import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { expectSpace } from './disk-space';
import { UnfinishedFolder, bytesOf } from './unfinished-folder';
import { unpackWheel, type UnpackedWheel } from './unpack-wheel';
import { requiredWheel, type Distribution, type Downloaded, type Wheel } from './wheel';

export interface BringLibrary {
  readonly folder: string; // where the libraries are to be
  readonly version: string;
  readonly distribution: Distribution;
  readonly download: (wheel: Wheel, folder: string) => Promise<Downloaded | undefined>;
  readonly check: (folder: string) => Promise<void>; // throws where the libraries do not work
  readonly report: (line: string) => void;
}

/**
 * Fetches wheels, unpacks their libraries, tries them, and only then gives them their place. What was in `folder` before is replaced. Broken
 * off or failed, whole wheels are kept for the next call; what does not pass `check` is removed.
 */
export async function bringLibrary(options: BringLibrary): Promise<void> {
  mkdirSync(path.dirname(options.folder), { recursive: true });
  const work = new UnfinishedFolder(options.folder);
  const interrupted = (): void => {
    work.leave();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const wheels = await bringWheels(work, options);
    await options.check(work.location).catch((error: unknown) => {
      work.remove();
      throw error;
    });
    await work.finish({
      version: options.version,
      wheels: wheels.map(({ wheel }) => wheel),
      files: wheels.flatMap(({ files }) => files),
    });
  } catch (error) {
    const advice = work.leave() ? '. Whole wheels are kept: run the command again to go on' : '';
    throw new Error(`${error instanceof Error ? error.message : String(error)}${advice}`, { cause: error });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

async function bringWheels(work: UnfinishedFolder, { distribution, download, report }: BringLibrary): Promise<UnpackedWheel[]> {
  expectSpace(work.location, distribution.neededBytes - work.keptBytes());
  const bring = async (wheel: Wheel, extra?: string): Promise<UnpackedWheel[]> => {
    const kept = work.kept(wheel.requirement);
    if (kept !== undefined) return [kept];
    report(`Downloading ${wheel.requirement} with pip`);
    const downloaded = await download(wheel, work.downloads());
    if (downloaded === undefined) return [];
    const unpacked = await unpackWheel(wheel, downloaded, work.location, extra);
    if (unpacked.files.length === 0) throw new Error(`${unpacked.wheel.file} holds none of the libraries`);
    report(`Unpacked ${unpacked.files.length} files, ${Math.ceil(bytesOf(unpacked) / 1e6)} MB`);
    work.keep(wheel.requirement, unpacked);
    return [unpacked];
  };
  const wheels = await bring(distribution.wheel, distribution.extra);
  for (const requirement of wheels[0].requirements) wheels.push(...(await bring(requiredWheel(requirement))));
  return wheels;
}
