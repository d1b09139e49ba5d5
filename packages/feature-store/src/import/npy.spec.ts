import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNpyHeader } from './npy-header';
import { readNpyRows } from './npy-rows';

const fixture = (name: string): string => join(__dirname, 'fixtures', name); // written by fixtures/write_npy.py: 0, 1/8, 2/8, ...

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'npy-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function rowsOf(file: string, rows: number[], values: number): number[] {
  const into = new Float32Array(rows.length * values);
  readNpyRows(file, readNpyHeader(file), rows, into);
  return [...into].map((value) => value * 8);
}

const counted = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

describe('rows of files that NumPy wrote', () => {
  it.each([
    ['float32-6-2.npy', { type: 'float32', shape: [6, 2] }, 2],
    ['format-2-6-2.npy', { type: 'float32', shape: [6, 2] }, 2],
    ['float16-4-5-3.npy', { type: 'float16', shape: [4, 5, 3] }, 15],
    ['float64-4-2-2-3.npy', { type: 'float64', shape: [4, 2, 2, 3] }, 12],
    ['big-endian-4-3-2-2.npy', { type: 'float32', shape: [4, 3, 2, 2], bigEndian: true }, 12],
  ])('%s', (name, header, values) => {
    expect(readNpyHeader(fixture(name))).toMatchObject({ bigEndian: false, ...header });
    expect(rowsOf(fixture(name), [3, 1, 3], values)).toEqual([3, 1, 3].flatMap((row) => counted(row * values, values)));
  });

  it('big-endian of other widths', () => {
    const swapped = (name: string, from: string, to: string, swap: (bytes: Buffer) => Buffer) => {
      const bytes = readFileSync(fixture(name));
      writeFileSync(join(folder, name), Buffer.concat([Buffer.from(bytes.subarray(0, 128).toString('latin1').replace(from, to), 'latin1'), swap(bytes.subarray(128))])); // prettier-ignore
      return join(folder, name);
    };
    expect(
      rowsOf(
        swapped('float16-4-5-3.npy', '<f2', '>f2', (bytes) => bytes.swap16()),
        [2],
        15,
      ),
    ).toEqual(counted(30, 15));
    expect(
      rowsOf(
        swapped('float64-4-2-2-3.npy', '<f8', '>f8', (bytes) => bytes.swap64()),
        [2],
        12,
      ),
    ).toEqual(counted(24, 12));
  });
});

/** A .npy file by hand: magic, format 1.0, the header's length in two bytes, the header, the values. */
function write(header: string, values: Uint8Array, format = 1): string {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const file = join(folder, 'a.npy');
  writeFileSync(file, Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, format, 0]), length, Buffer.from(header), values]));
  return file;
}

it('reads a header in any order of its keys, of Python 2 too', () => {
  const file = write(
    "{'shape': (3L, 1L), 'fortran_order': False, 'descr': '<f4'}",
    Buffer.from(new Float32Array([0.5, 0.25, 0.125]).buffer),
  );
  expect(readNpyHeader(file)).toEqual({ type: 'float32', bigEndian: false, shape: [3, 1], start: 69 });
  expect(rowsOf(file, [2, 0], 1)).toEqual([1, 4]);
});

it('reads the rows that are asked for, and nothing else of a file larger than memory may be', () => {
  const file = write("{'descr': '<f4', 'fortran_order': False, 'shape': (20000, 131072)}", new Uint8Array());
  const start = statSync(file).size;
  truncateSync(file, start + 20000 * 131072 * 4); // 10 GB of zeros that take no room
  const last = openSync(file, 'r+');
  writeSync(last, new Uint8Array(new Float32Array([0.5]).buffer), 0, 4, start + 19999 * 131072 * 4);
  closeSync(last);
  expect(rowsOf(file, [19999], 131072).slice(0, 2)).toEqual([4, 0]);
});

describe('an error names the file, what was found, what was expected, what to do:', () => {
  const save = 'Save it with numpy.save(file, numpy.ascontiguousarray(array, dtype=numpy.float32))';

  it.each([
    ['fortran-4-3.npy', `[4, 3] is in Fortran order, in which seconds cannot be read one by one. ${save}`],
    [
      'integers-4-3.npy',
      `holds whole numbers of type <i8, expected float16, float32 or float64. If they are quantised, scale them back; then s${save.slice(1)}`,
    ],
    ['columns-4.npy', `holds a table of named columns, expected one array of numbers. ${save}`],
    ['objects-2.npy', `holds Python objects, which are not read, expected an array of numbers. ${save}`],
    ['archive.npz', 'is an archive (.npz, or a file of torch.save), expected .npy. Save each of its arrays with numpy.save'],
    ['write_npy.py', 'begins with the bytes 222222577269, expected 934e554d5059 (.npy). It is not a file of numpy.save, or a broken one'],
    ['none.npy', 'is not there'],
  ])('%s', (name, problem) => {
    expect(() => readNpyHeader(fixture(name))).toThrow(`${fixture(name)}: ${problem}`);
  });

  it('a file that is cut off, goes on, or is empty', () => {
    const file = join(folder, 'a.npy');
    const bytes = readFileSync(fixture('float32-6-2.npy'));
    const refused = (content: Uint8Array) => {
      writeFileSync(file, content);
      return expect(() => readNpyHeader(file));
    };
    refused(bytes.subarray(0, 170)).toThrow(`${file}: is cut off: 170 bytes, expected 176 for [6, 2] of float32. Fetch or make it again`);
    refused(Buffer.concat([bytes, bytes])).toThrow(`${file}: goes on after its array: 352 bytes, expected 176 for [6, 2] of float32`);
    refused(bytes.subarray(0, 50)).toThrow(`${file}: is cut off within its header`);
    refused(bytes.subarray(0, 0)).toThrow(`${file}: is empty, expected a .npy file`);
    refused(bytes.subarray(0, 3)).toThrow(`${file}: begins with the bytes 934e55, expected`);
  });

  it('a header that is none', () => {
    expect(() => readNpyHeader(write('{}', Buffer.alloc(4)))).toThrow('has the header "{}", expected descr, fortran_order and shape');
    const digits = `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1'.repeat(5000)}`; // no end: must not be searched for long
    expect(() => readNpyHeader(write(digits, Buffer.alloc(4)))).toThrow('expected descr, fortran_order and shape');
    expect(() => readNpyHeader(write('', Buffer.alloc(4), 4))).toThrow('is a .npy file of format 4, this program reads 1, 2 and 3');
    expect(() => readNpyHeader(write('xxxx', Buffer.alloc(0), 2))).toThrow('has a header of 2021130244 bytes, expected at most 1048576');
  });

  it('a folder in place of the file', () => {
    expect(() => readNpyHeader(folder)).toThrow(`${folder}: is not a file, expected a .npy file`);
  });

  it('a file that was cut off after its header was read', () => {
    const file = join(folder, 'a.npy');
    writeFileSync(file, readFileSync(fixture('float32-6-2.npy')));
    const header = readNpyHeader(file);
    truncateSync(file, 150);
    expect(() => readNpyRows(file, header, [2], new Float32Array(2))).toThrow(`${file}: ends within row 2. Fetch or make it again`);
  });

  it('rows that are not there, and too little room', () => {
    const file = fixture('float32-6-2.npy');
    const header = readNpyHeader(file);
    expect(() => readNpyRows(file, header, [6], new Float32Array(2))).toThrow('row 6 is asked for, it has 6 rows');
    expect(() => readNpyRows(file, header, [-1], new Float32Array(2))).toThrow('row -1 is asked for');
    expect(() => readNpyRows(file, header, [0, 1], new Float32Array(3))).toThrow('2 rows of 2 values are read into 3 values');
  });
});
