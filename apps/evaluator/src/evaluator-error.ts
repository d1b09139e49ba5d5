/** Runs or predictions that cannot be scored or compared. Says what was given, what was expected, what to do. */
export class EvaluatorError extends Error {
  override readonly name = 'EvaluatorError';

  constructor(message: string) {
    super(`evaluator: ${message}`);
  }
}
