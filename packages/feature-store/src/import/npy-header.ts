import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { describeAbsence } from '@tass/files';

export type NpyType = 'float16' | 'float32' | 'float64';

/** The header of a .npy file. Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export interface NpyHeader {
  readonly type: NpyType;
  readonly bigEndian: boolean;
  readonly shape: readonly number[];
  readonly start: number; // byte of the first value
}

/** A .npy file that cannot be used. */
export class NpyError extends Error {
  override readonly name = 'NpyError';

  constructor(
    file: string,
    readonly problem: string, // the message without the file
  ) {
    super(`${file}: ${problem}`);
  }
}

export const bytesOfType: Readonly<Record<NpyType, number>> = { float16: 2, float32: 4, float64: 8 };

const types: Readonly<Record<string, NpyType>> = { f2: 'float16', f4: 'float32', f8: 'float64' };
const magic = Buffer.from('\x93NUMPY', 'latin1');
const archiveMagic = Buffer.from('PK\x03\x04', 'latin1'); // zip
const longestHeader = 1 << 20; // of an array of numbers it has about a hundred bytes
const save = 'Save it with numpy.save(file, numpy.ascontiguousarray(array, dtype=numpy.float32))';

/**
 * Reads the header of a .npy file of format 1, 2 or 3, without its values. Throws NpyError for other files, for an archive (.npz), for
 * Fortran order, for values other than floating-point numbers of 2, 4 or 8 bytes (pickled objects are never read), and for a file whose
 * length does not match its header.
 */
export function readNpyHeader(file: string): NpyHeader {
  return withFile(file, (descriptor) => {
    const refuse = (problem: string): never => {
      throw new NpyError(file, problem);
    };
    const { text, start } = readHeaderText(file, descriptor, refuse);
    const { descr, fortran, shape } = parseHeader(text, refuse);
    const [, order, kind] = /^([<>=|])(\w+)$/.exec(descr) ?? [];
    if (kind?.startsWith('O')) refuse(`holds Python objects, which are not read, expected an array of numbers. ${save}`);
    const type = types[kind];
    if (/^[iu]\d/.test(kind ?? '')) {
      refuse(
        `holds whole numbers of type ${descr}, expected float16, float32 or float64. If they are quantised, scale them back; then s${save.slice(1)}`,
      );
    }
    if (type === undefined || order === '|') refuse(`holds values of type ${descr}, expected float16, float32 or float64. ${save}`);
    if (fortran && shape.length > 1)
      refuse(`[${shape.join(', ')}] is in Fortran order, in which seconds cannot be read one by one. ${save}`);
    const expected = start + shape.reduce((product, length) => product * length, bytesOfType[type]);
    const { size } = fstatSync(descriptor);
    if (size !== expected) {
      const what = size < expected ? 'is cut off' : 'goes on after its array';
      refuse(`${what}: ${size} bytes, expected ${expected} for [${shape.join(', ')}] of ${type}. Fetch or make it again`);
    }
    return { type, bigEndian: order === '>', shape, start };
  });
}

/** Opens `file`, passes it to `work` and closes it. Throws NpyError if it cannot be opened. */
export function withFile<Result>(file: string, work: (descriptor: number) => Result): Result {
  const descriptor = openToRead(file);
  try {
    return work(descriptor);
  } catch (cause) {
    if (cause instanceof NpyError || (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new NpyError(file, `cannot be read (${(cause as Error).message})`);
  } finally {
    closeSync(descriptor);
  }
}

function openToRead(file: string): number {
  try {
    if (!statSync(file).isFile()) throw new NpyError(file, 'is not a file, expected a .npy file'); // a folder, or a pipe, which is waited for
    return openSync(file, 'r');
  } catch (cause) {
    if (cause instanceof NpyError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new NpyError(file, isMissing ? describeAbsence(file) : `cannot be read (${(cause as Error).message})`);
  }
}

/** Reads `into.length` bytes from `position`, or as many as there are; returns how many. */
export function readFully(descriptor: number, into: Uint8Array, position: number): number {
  let got = 0;
  while (got < into.length) {
    const some = readSync(descriptor, into, got, into.length - got, position + got);
    if (some === 0) break;
    got += some;
  }
  return got;
}

function readHeaderText(file: string, descriptor: number, refuse: (problem: string) => never): { text: string; start: number } {
  const begin = Buffer.alloc(12);
  const got = readFully(descriptor, begin, 0);
  if (got === 0) refuse('is empty, expected a .npy file. Fetch or make it again');
  if (begin.subarray(0, 4).equals(archiveMagic)) {
    refuse(`is an archive (.npz, or a file of torch.save), expected .npy. Save each of its arrays with numpy.save`);
  }
  if (!begin.subarray(0, 6).equals(magic)) {
    const found = begin.subarray(0, Math.min(6, got)).toString('hex');
    refuse(`begins with the bytes ${found}, expected ${magic.toString('hex')} (.npy). It is not a file of numpy.save, or a broken one`);
  }
  const format = begin[6];
  if (format < 1 || format > 3) refuse(`is a .npy file of format ${format}, this program reads 1, 2 and 3. ${save}`);
  const begins = format === 1 ? 10 : 12;
  const length = format === 1 ? begin.readUInt16LE(8) : begin.readUInt32LE(8);
  if (length > longestHeader) refuse(`has a header of ${length} bytes, expected at most ${longestHeader}. It is broken`);
  const bytes = Buffer.alloc(length);
  if (readFully(descriptor, bytes, begins) < length) refuse('is cut off within its header. Fetch or make it again');
  return { text: bytes.toString('latin1'), start: begins + length };
}

/** The header is a Python dictionary with three keys; of a table of several columns `descr` is a list. */
function parseHeader(text: string, refuse: (problem: string) => never): { descr: string; fortran: boolean; shape: number[] } {
  if (/'descr':\s*\[/.test(text)) refuse(`holds a table of named columns, expected one array of numbers. ${save}`);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(\s*((?:\d+L?\s*,\s*)*(?:\d+L?\s*)?)\)/.exec(text)?.[1];
  if (descr === undefined || fortran === undefined || shape === undefined) {
    return refuse(`has the header ${JSON.stringify(text.trim().slice(0, 200))}, expected descr, fortran_order and shape. It is broken`);
  }
  return { descr, fortran: fortran === 'True', shape: (shape.match(/\d+/g) ?? []).map(Number) };
}
