/** A question or a video that cannot be asked about. */
export class AskError extends Error {
  override readonly name = 'AskError';
}
