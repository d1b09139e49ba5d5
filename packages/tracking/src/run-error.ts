/** A run folder cannot be found or used. The message has the place, the value, and what to do. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** No run has this name. */
export class NoRunError extends RunError {}
