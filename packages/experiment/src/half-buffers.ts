/**
 * Buffers for values in half precision, one for each field, reused for every batch: with new memory for each, V8 collects garbage all the
 * time.
 */
export class HalfBuffers {
  private readonly buffers = new Map<string, Uint16Array>();

  /** Room for `length` values, valid until the next call for the field. */
  of(field: string, length: number): Uint16Array {
    let buffer = this.buffers.get(field);
    if (buffer === undefined || buffer.length < length) this.buffers.set(field, (buffer = new Uint16Array(length)));
    return buffer.subarray(0, length);
  }
}
