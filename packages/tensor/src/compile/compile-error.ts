/** A step that cannot be compiled, with the remedy. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}
