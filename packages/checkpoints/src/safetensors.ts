import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FileError, mostBytes, withOwnFile, writeFileAtomically } from '@tass/files';
import { CheckpointError } from './checkpoint-error';
import { arrayTypes, sizeOf, type NamedArray, type NamedArrays } from './named-arrays';
import { readHeader, type HeaderEntry } from './safetensors-header';

export type Metadata = Readonly<Record<string, string>>;

export interface Safetensors {
  readonly arrays: NamedArrays;
  readonly metadata: Metadata;
}

const noDigest = '0'.repeat(64); // stands in the header while the digest is computed
export const damaged = 'The file is damaged: delete it and resume from another checkpoint, or train again';

/**
 * Writes arrays and texts as one safetensors file (8 bytes length of the header, JSON header, data), readable by the Python package.
 * The same input gives the same bytes: F64 before F32 before I32, then by name (as the Python package does), the header filled up to a multiple of 8.
 * The metadata gains `sha256`, of header and data. Throws DiskError; Error on a name or a size that cannot be stored.
 */
export function writeSafetensors(file: string, arrays: NamedArrays, metadata: Metadata = {}): void {
  const names = Object.keys(arrays).sort((a, b) => rank(arrays[a]) - rank(arrays[b]) || (a < b ? -1 : 1));
  let end = 0;
  const entries = names.map((name): [string, HeaderEntry] => {
    const { dtype, shape, data } = arrays[name];
    if (name === '__metadata__' || data.length !== sizeOf(shape)) {
      throw new Error(`cannot store ${name} with shape [${shape.join(', ')}] and ${data.length} numbers`);
    }
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const texts = Object.entries({ ...metadata, sha256: noDigest }).sort(([a], [b]) => (a < b ? -1 : 1));
  const header = padded(jsonObject([['__metadata__', Object.fromEntries(texts)], ...entries]));
  const data = names.map((name) => bytes(arrays[name].data));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  writeFileAtomically(file, length, header.replace(digestEntry(noDigest), digestEntry(digest(header, data))), ...data);
}

/**
 * Reads a safetensors file. A `sha256` in its metadata is verified; files by other programs have none and are taken as they are.
 * `check` is given all bytes of the file. Throws CheckpointError: not there, truncated, damaged, a number type other than F32, F64 and I32.
 */
export function readSafetensors(file: string, check?: (bytes: Uint8Array) => void): Safetensors {
  const { header, end, entries, metadata } = opened(file, (descriptor) => readHeader(file, descriptor, damaged));
  const content = opened(file, (descriptor, bytes) => {
    if (bytes > mostBytes.checkpoint)
      throw new CheckpointError(file, 'has more than 2 GiB, the most that is read. Store a smaller network');
    return readFileSync(descriptor);
  });
  const data = content.subarray(end);
  if (metadata.sha256 !== undefined) {
    const blank = header.replace(digestEntry(metadata.sha256), digestEntry(noDigest));
    if (digest(blank, [data]) !== metadata.sha256) throw new CheckpointError(file, `its content does not match its checksum. ${damaged}`);
  }
  check?.(content);
  const arrays = Object.fromEntries(entries.map(([name, entry]): [string, NamedArray] => [name, arrayFrom(data, entry)]));
  return { arrays, metadata };
}

/** Lends the file to `read`. Throws CheckpointError if it cannot be opened or read. */
function opened<Result>(file: string, read: (descriptor: number, bytes: number) => Result): Result {
  try {
    return withOwnFile(file, read);
  } catch (error) {
    throw error instanceof FileError ? new CheckpointError(file, error.reason, { cause: error }) : error;
  }
}

function arrayFrom(data: Buffer, { dtype, shape, data_offsets: [begin, end] }: HeaderEntry): NamedArray {
  const own = new Uint8Array(end - begin); // its own memory, so that it is aligned and the file's can go
  own.set(data.subarray(begin, end));
  return { dtype, shape, data: new arrayTypes[dtype](own.buffer) } as NamedArray;
}

const rank = ({ dtype }: NamedArray): number => Object.keys(arrayTypes).indexOf(dtype);

const bytes = ({ buffer, byteOffset, byteLength }: NamedArray['data']): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/** JSON with the keys in the order given; an object would move keys that look like numbers to the front. */
const jsonObject = (entries: readonly [string, unknown][]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;

const padded = (header: string): string => header + ' '.repeat((8 - (Buffer.byteLength(header) % 8)) % 8);

const digestEntry = (hex: string): string => `"sha256":"${hex}"`;

function digest(header: string, data: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(header);
  for (const part of data) hash.update(part);
  return hash.digest('hex');
}
