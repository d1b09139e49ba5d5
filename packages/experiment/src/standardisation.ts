/** Mean and deviation of each channel, taken over the training part. */
export interface Standardisation {
  readonly mean: Float64Array; // [channels]
  readonly deviation: Float64Array; // [channels]
}

const LEAST_DEVIATION = 1e-3; // a constant channel becomes 0 instead of growing without bound

/** The statistics of `values` [rows, channels], which should come from the training part only. */
export function standardisationOf(values: Float32Array, channels: number): Standardisation {
  const rows = values.length / channels;
  const mean = new Float64Array(channels);
  values.forEach((value, i) => (mean[i % channels] += value / rows));
  const variance = new Float64Array(channels);
  values.forEach((value, i) => (variance[i % channels] += (value - mean[i % channels]) ** 2 / rows));
  return { mean, deviation: variance.map((channel) => Math.max(Math.sqrt(channel), LEAST_DEVIATION)) };
}

/**
 * Brings every channel to mean 0 and deviation 1, in place. Sentence embeddings of a contrastive text tower lie in a narrow cone: their
 * common component is larger than the differences between questions, so a linear map learns slowly from them (ours).
 */
export function standardise(values: Float32Array, { mean, deviation }: Standardisation): Float32Array {
  const channels = mean.length;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean[i % channels]) / deviation[i % channels];
  return values;
}
