/** A loss that is NaN or infinite. Training ends at once, because every later step would only spread it. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
}

/** Throws NonFiniteLossError with every term, the epoch and the step. */
export function refuseNonFinite(values: Readonly<Record<string, number>>, epoch: number, step: number): void {
  if (Object.values(values).every(Number.isFinite)) return;
  const terms = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  const kept = epoch === 0 ? 'No epoch was finished' : `The checkpoint of epoch ${epoch} is kept`;
  throw new NonFiniteLossError(
    `the loss is not finite at epoch ${epoch + 1}, step ${step + 1}: ${terms.join(', ')}; expected finite numbers. ` +
      `${kept}. Start a new run with a lower optimizer.learningRate or with optimizer.clipNorm=1, and check the features (features:check)`,
  );
}
