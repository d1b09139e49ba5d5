/** A step that cannot be compiled, with what to do about it. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}
