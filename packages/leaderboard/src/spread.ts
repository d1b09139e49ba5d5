import { decimals } from './numbers';

/** The mean over seeds with the standard deviation of a sample; for a single seed its value. */
export function spread(values: readonly number[], shown: (value: number) => string = decimals): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return shown(mean);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${shown(mean)} ± ${shown(Math.sqrt(squares / (values.length - 1)))}`;
}
