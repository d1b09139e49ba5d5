import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endOfDirectory = { signature: 0x06054b50, bytes: 22 };
const directoryEntry = { signature: 0x02014b50, bytes: 46 };
const localEntry = { signature: 0x04034b50, bytes: 30 };
const deflated = 8;

export interface Member {
  readonly name: string;
  readonly bytes: number;
}

interface Entry extends Member {
  readonly method: number;
  readonly packedBytes: number;
  readonly offset: number;
}

/** What a zip file holds. Reads what Python wheels are: archives below 4 GB, stored or deflated. Throws, with the archive's name, where it is not one. */
export function membersOf(archive: string): Promise<readonly Member[]> {
  return withArchive(archive, (file) => readDirectory(file, archive));
}

/** A member's bytes. Throws, with the archive's name, where it has no such member. */
export function readMember(archive: string, name: string): Promise<Buffer> {
  return withArchive(archive, async (file) => {
    const chunks: Buffer[] = [];
    const collect = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    await unpack(file, archive, name, collect);
    return Buffer.concat(chunks);
  });
}

/** Unpacks the member `name` to the new file `to`, as a stream, and returns its size and SHA-256. Throws as `readMember`. */
export function unzipMember(archive: string, name: string, to: string): Promise<{ bytes: number; sha256: string }> {
  return withArchive(archive, (file) => unpack(file, archive, name, createWriteStream(to, { flags: 'wx', flush: true })));
}

async function withArchive<Result>(archive: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(archive);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function unpack(file: FileHandle, archive: string, name: string, output: Writable): Promise<{ bytes: number; sha256: string }> {
  const entry = (await readDirectory(file, archive)).find((found) => found.name === name);
  if (entry === undefined) throw new Error(`${archive} holds no ${name}`);
  const header = await readAt(file, entry.offset, localEntry.bytes, archive);
  if (header.readUInt32LE(0) !== localEntry.signature) throw new Error(`${archive}: no member starts at byte ${entry.offset}`);
  const start = entry.offset + localEntry.bytes + header.readUInt16LE(26) + header.readUInt16LE(28); // after its name and extra field
  const packed = entry.packedBytes > 0 ? createReadStream(archive, { start, end: start + entry.packedBytes - 1 }) : Readable.from([]);
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  if (entry.method === deflated) await pipeline(packed, createInflateRaw(), measure, output);
  else await pipeline(packed, measure, output);
  if (bytes !== entry.bytes) throw new Error(`${archive}: ${name} unpacks to ${bytes} bytes, its directory says ${entry.bytes}`);
  return { bytes, sha256: hash.digest('hex') };
}

/** Source: PKWARE's APPNOTE, sections 4.3.12 and 4.3.16, without the 64-bit extension. */
async function readDirectory(file: FileHandle, archive: string): Promise<Entry[]> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, endOfDirectory.bytes + 0xffff); // a comment may follow
  const tail = await readAt(file, size - tailBytes, tailBytes, archive);
  let end = tailBytes - endOfDirectory.bytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endOfDirectory.signature) end--;
  if (end < 0) throw new Error(`${archive} is not a zip file`);
  const [count, bytes, offset] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (offset === 0xffffffff || count === 0xffff) throw new Error(`${archive} is a zip file in the 64-bit form, which is not read here`);
  const directory = await readAt(file, offset, bytes, archive);
  const entries: Entry[] = [];
  for (let at = 0; at < bytes;) {
    if (directory.readUInt32LE(at) !== directoryEntry.signature)
      throw new Error(`${archive}: its directory is broken at byte ${offset + at}`);
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + directoryEntry.bytes, at + directoryEntry.bytes + nameBytes),
    });
    at += directoryEntry.bytes + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, bytes: number, archive: string): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, position);
  if (bytesRead !== bytes) throw new Error(`${archive} ends early: ${bytesRead} of ${bytes} bytes at ${position}`);
  return buffer;
}
