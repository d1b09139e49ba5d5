import { decodeHalves } from '../half';
import { bytesOfType, NpyError, type NpyHeader, readFully, withFile } from './npy-header';

/** The number of values in a row, that is, for one index of the first axis. */
export const valuesPerRow = ({ shape }: NpyHeader): number => shape.slice(1).reduce((product, length) => product * length, 1);

/**
 * Reads some `rows` (indices of the first axis) into `into`, one after the other; only these are read from the disk: ten seconds of
 * sixty, 4 MB of 24. (npyjs of npm holds a whole file in memory.) Throws as `eachNpyRow`, and RangeError where `into` is too short.
 */
export function readNpyRows(file: string, header: NpyHeader, rows: readonly number[], into: Float32Array | Float64Array): void {
  const values = valuesPerRow(header);
  if (into.length < rows.length * values) {
    throw new RangeError(`${file}: ${rows.length} rows of ${values} values are read into ${into.length} values`);
  }
  eachNpyRow(file, header, rows, (row, index) => into.set(row, index * values));
}

/**
 * Hands some `rows` (indices of the first axis) to `visit`, one after the other, each in the same memory: what is read next takes its place.
 * Throws NpyError when the file ends before them, RangeError for a row that the array does not have.
 */
export function eachNpyRow(
  file: string,
  header: NpyHeader,
  rows: readonly number[],
  visit: (values: Float64Array, index: number) => void,
): void {
  const values = valuesPerRow(header);
  const bytes = values * bytesOfType[header.type];
  const bad = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < header.shape[0]));
  if (bad !== undefined) throw new RangeError(`${file}: row ${bad} is asked for, it has ${header.shape[0]} rows`);
  const row64 = new Float64Array(values);
  const scratch = Buffer.from(new ArrayBuffer(bytes));
  withFile(file, (descriptor) => {
    rows.forEach((row, index) => {
      if (readFully(descriptor, scratch, header.start + row * bytes) < bytes) {
        throw new NpyError(file, `ends within row ${row}. Fetch or make it again`);
      }
      decode(scratch, header, row64);
      visit(row64, index);
    });
  });
}

function decode(bytes: Buffer, { type, bigEndian }: NpyHeader, into: Float64Array): void {
  if (type === 'float16') {
    if (bigEndian) bytes.swap16();
    const values = new Float32Array(bytes.length / 2);
    decodeHalves(new Uint16Array(bytes.buffer), values, 0);
    into.set(values);
  } else if (type === 'float32') {
    if (bigEndian) bytes.swap32();
    into.set(new Float32Array(bytes.buffer));
  } else {
    if (bigEndian) bytes.swap64();
    into.set(new Float64Array(bytes.buffer));
  }
}
