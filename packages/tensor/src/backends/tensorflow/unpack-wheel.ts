import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { expectSpace } from './disk-space';
import type { InstalledFile } from './library';
import { requirementsOfExtra } from './requirements';
import { membersOf, readMember, unzipMember } from './unzip';
import type { Downloaded, Wheel } from './wheel';

/** A wheel that lies unpacked in a folder, written beside it when all of it does. */
export interface UnpackedWheel {
  readonly wheel: { readonly file: string; readonly sha256: string };
  readonly files: readonly InstalledFile[];
  readonly requirements: readonly string[]; // under the extra that was asked for
}

/**
 * Unpacks what `wheel` keeps of the archive into `folder` and compares it with the sums in the archive's RECORD, unless the whole archive
 * is pinned. Throws where the disk has no space for it, the archive lacks a member or RECORD tells another sum.
 */
export async function unpackWheel(wheel: Wheel, { archive, sha256 }: Downloaded, folder: string, extra?: string): Promise<UnpackedWheel> {
  const members = (await membersOf(archive)).flatMap(({ name, bytes }) => {
    const place = wheel.placeOf(name);
    return place === undefined ? [] : [{ name, bytes, place }];
  });
  expectSpace(
    folder,
    members.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const sums = wheel.sha256 === undefined ? await recordedSums(archive) : undefined;
  const files: InstalledFile[] = [];
  for (const { name, place } of members) {
    const to = path.join(folder, place);
    mkdirSync(path.dirname(to), { recursive: true });
    rmSync(to, { force: true }); // of an unpacking that was broken off
    const found = await unzipMember(archive, name, to);
    const expected = sums?.get(name);
    if (sums !== undefined && found.sha256 !== expected)
      throw new Error(`${path.basename(archive)}: ${name} has SHA-256 ${found.sha256}, its RECORD says ${expected ?? 'nothing'}`);
    if (/\/bin\//.test(place)) chmodSync(to, 0o755);
    files.push({ name: place, ...found });
  }
  const requirements = extra === undefined ? [] : requirementsOfExtra(await textIn(archive, 'METADATA'), extra);
  return { wheel: { file: path.basename(archive), sha256 }, files, requirements };
}

/** RECORD's SHA-256 by member, in hexadecimal digits. Source: the binary distribution format, "The .dist-info directory". */
async function recordedSums(archive: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await textIn(archive, 'RECORD')).split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, name, sum] = /^"?(.+?)"?,sha256=([\w-]+),\d*$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Buffer.from(sum, 'base64url').toString('hex')]];
    }),
  );
}

async function textIn(archive: string, name: string): Promise<string> {
  const member = (await membersOf(archive)).find((found) => new RegExp(`^[^/]+\\.dist-info/${name}$`).test(found.name));
  if (member === undefined) throw new Error(`${archive} is no wheel: it holds no .dist-info/${name}`);
  return (await readMember(archive, member.name)).toString('utf8');
}
