/** A sweep or one of its cells that cannot be used or found. Says what was given, what was found, what to do. */
export class SweepError extends Error {
  override readonly name: string = 'SweepError';
}
