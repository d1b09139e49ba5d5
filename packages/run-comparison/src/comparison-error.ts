/** Runs or predictions that cannot be scored or compared. The message has what was given, what was expected, and what to do. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}
