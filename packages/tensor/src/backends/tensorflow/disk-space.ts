import { statfsSync } from 'node:fs';

/** Throws where the disk of `folder` has less than `neededBytes` free. */
export function expectSpace(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
  if (bavail * bsize < neededBytes)
    throw new Error(`${folder} has ${inMegabytes(bavail * bsize)} free, ${inMegabytes(neededBytes)} are needed`);
}
