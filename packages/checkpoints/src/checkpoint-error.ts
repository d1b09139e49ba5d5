/** A checkpoint that cannot be used: absent, damaged, of another format or another shape. Names the file, what was found, what to do. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  constructor(file: string, found: string, options?: ErrorOptions) {
    super(`${file}: ${found}`, options);
  }
}
