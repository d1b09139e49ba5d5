import { encodeHalves } from '../half';

/** A .npy file of format 1.0, C order, little endian. `values` are those of `shape`. */
export function npyBytes(shape: readonly number[], values: Float32Array, type: 'float16' | 'float32'): Uint8Array {
  const descr = type === 'float16' ? '<f2' : '<f4';
  const lengths = shape.map((length) => `${length},`).join(' '); // (10, 128,): the last comma makes a tuple of one length, too
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10; // the values begin at a multiple of 64
  const begin = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  begin.writeUInt16LE(length, 8);
  const data = type === 'float16' ? encodeHalves(values) : values;
  return Buffer.concat([begin, Buffer.from(`${header.padEnd(length - 1)}\n`), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}
