/** A sweep or a cell cannot be found or used. The message has the place, the value, and what to do. */
export class SweepError extends Error {
  override readonly name: string = 'SweepError';
}
