/** Memory for values in half precision by field, used again for every batch: with new memory for each, V8 collects garbage all the time. */
export class HalfBuffers {
  private readonly buffers = new Map<string, Uint16Array>();

  /** Room for `length` values, the caller's until the field is asked for again. */
  of(field: string, length: number): Uint16Array {
    let buffer = this.buffers.get(field);
    if (buffer === undefined || buffer.length < length) this.buffers.set(field, (buffer = new Uint16Array(length)));
    return buffer.subarray(0, length);
  }
}
