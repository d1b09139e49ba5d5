/** A run folder that cannot be used or found. Says what was given, what was found, what to do. */
export class RunError extends Error {
  override readonly name = 'RunError';
}
