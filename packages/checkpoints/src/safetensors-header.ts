import { fstatSync, readSync } from 'node:fs';
import { parseJson, repeatedKey } from '@tass/files';
import { CheckpointError } from './checkpoint-error';
import { arrayTypes, bytesOf, type ArrayType } from './named-arrays';

export interface HeaderEntry {
  readonly dtype: ArrayType;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number]; // bytes from the end of the header
}

export interface Header {
  readonly header: string; // its text, as it stands in the file
  readonly end: number; // byte of the file that the data begin with
  readonly entries: readonly [name: string, entry: HeaderEntry][];
  readonly metadata: Readonly<Record<string, string>>;
}

const longestHeader = 2 ** 24; // bytes; a hundred thousand arrays

/**
 * Reads what a safetensors file holds, and nothing of its data. Throws CheckpointError, with `advice` at the end, unless header and data fit
 * together exactly.
 */
export function readHeader(file: string, descriptor: number, advice: string): Header {
  const refuse = (found: string) => new CheckpointError(file, `${found}. ${advice}`);
  const { size } = fstatSync(descriptor);
  if (size < 8) throw refuse(`${size} bytes are too few for a safetensors file`);
  const end = 8 + Number(bytesAt(descriptor, 0, 8).readBigUInt64LE());
  if (end > size) throw refuse(`truncated: its header ends at byte ${end}, the file at ${size}`);
  if (end > longestHeader) throw refuse(`its header has ${end - 8} bytes, expected at most ${longestHeader}`);

  const header = bytesAt(descriptor, 8, end - 8).toString('utf8');
  const parsed = parsedOrUndefined(header);
  if (!isRecord(parsed)) throw refuse('its header is not a JSON object');
  const twice = repeatedKey(header);
  if (twice !== undefined) throw refuse(`its header lists ${twice} twice`);
  const { __metadata__: metadata = {}, ...described } = parsed;
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === 'string')) throw refuse('its metadata are not texts');

  const entries = Object.entries(described).map(([name, value]): [string, HeaderEntry] => {
    if (!isEntry(value)) throw refuse(`${name} has no dtype, shape and data_offsets`);
    if (!Object.hasOwn(arrayTypes, value.dtype)) {
      throw new CheckpointError(
        file,
        `${name} holds ${value.dtype}, expected one of ${Object.keys(arrayTypes).join(', ')}. Convert the file`,
      );
    }
    return [name, value];
  });
  checkOffsets(entries, size - end, refuse);
  return { header, end, entries, metadata: metadata as Record<string, string> };
}

/** The arrays must fill the data from end to end, each by the size of its shape. */
function checkOffsets(entries: Header['entries'], dataLength: number, refuse: (found: string) => CheckpointError): void {
  let expected = 0;
  for (const [name, { dtype, shape, data_offsets }] of [...entries].sort(([, a], [, b]) => byOffsets(a, b))) {
    const [begin, end] = data_offsets;
    if (begin !== expected) throw refuse(`${name} begins at byte ${begin} of the data, expected ${expected}`);
    if (end - begin !== bytesOf(dtype, shape)) {
      throw refuse(`${name} has ${end - begin} bytes, expected ${bytesOf(dtype, shape)} for ${dtype} [${shape.join(', ')}]`);
    }
    expected = end;
  }
  if (dataLength < expected) throw refuse(`truncated: ${dataLength} bytes of data, expected ${expected}`);
  if (dataLength > expected) throw refuse(`${dataLength} bytes of data, expected ${expected}`);
}

const byOffsets = (a: HeaderEntry, b: HeaderEntry): number =>
  a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1];

function bytesAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}

function parsedOrUndefined(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const areSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const isEntry = (value: unknown): value is HeaderEntry =>
  isRecord(value) &&
  typeof value.dtype === 'string' &&
  areSizes(value.shape) &&
  areSizes(value.data_offsets) &&
  value.data_offsets.length === 2;
