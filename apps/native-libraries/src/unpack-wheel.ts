import type { InstalledFile } from '@tass/onnx';
import { chmodSync, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { requirementsOfExtra } from './requirements';
import { type Distribution, type Downloaded, isLibrary, sha256Of } from './wheel';

/** A wheel whose libraries lie unpacked in a folder. */
export interface UnpackedWheel {
  readonly wheel: { readonly file: string; readonly sha256: string };
  readonly files: readonly InstalledFile[];
  readonly requirements: readonly string[]; // under the extras that were asked for
}

/**
 * Unpacks the archive's libraries into `folder` and compares them with the sums in its RECORD. Throws, with the archive's name, where it is
 * no wheel, holds none of the libraries or RECORD has another sum.
 */
export async function unpackWheel(
  { archive, sha256 }: Downloaded,
  folder: string,
  placeOf: Distribution['placeOf'],
  extras: readonly string[] = [],
): Promise<UnpackedWheel> {
  const file = path.basename(archive);
  try {
    const { members, texts } = await unpackMembers(archive, folder, placeOf);
    const sums = recordedSums(textNamed(texts, 'RECORD'));
    const different = [...members].find(([member, found]) => sums.get(member) !== found.sha256);
    if (different !== undefined) {
      const [member, found] = different;
      throw new Error(`${member} has SHA-256 ${found.sha256}, its RECORD says ${sums.get(member) ?? 'nothing'}`);
    }
    if (members.size === 0) throw new Error('it holds none of the libraries');
    const requirements = extras.flatMap((extra) => requirementsOfExtra(textNamed(texts, 'METADATA'), extra));
    return { wheel: { file, sha256 }, files: [...members.values()], requirements };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes the libraries, by their names in the archive, and reads the texts that describe the wheel. */
async function unpackMembers(archive: string, folder: string, placeOf: Distribution['placeOf']) {
  const members = new Map<string, InstalledFile>();
  const texts = new Map<string, string>();
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize: bytes } = entry;
    if (/^[^/]+\.dist-info\/\w+$/.test(fileName)) texts.set(path.basename(fileName), await text(await zip.openReadStreamPromise(entry)));
    if (!isLibrary(fileName)) continue;
    const name = placeOf(fileName);
    const to = path.join(folder, name);
    mkdirSync(path.dirname(to), { recursive: true });
    rmSync(to, { force: true }); // of an unpacking that was broken off
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to, { flush: true }));
    if (/\/bin\//.test(name)) chmodSync(to, 0o755);
    members.set(fileName, { name, bytes, sha256: await sha256Of(to) });
  }
  return { members, texts };
}

/** RECORD's SHA-256 by member, in hexadecimal digits. Source: the binary distribution format, "The .dist-info directory". */
function recordedSums(record: string): ReadonlyMap<string, string> {
  const lines = record.matchAll(/^"?(.+?)"?,sha256=([\w-]+),\d*\r?$/gm);
  return new Map([...lines].map(([, name, sum]) => [name, Buffer.from(sum, 'base64url').toString('hex')]));
}

function textNamed(texts: ReadonlyMap<string, string>, name: string): string {
  const found = texts.get(name);
  if (found === undefined) throw new Error(`it is no wheel, as it holds no .dist-info/${name}`);
  return found;
}
