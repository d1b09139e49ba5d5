/** Runs or predictions that cannot be scored or compared. Says what was given, what was expected, what to do. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}
