/** Sums of an epoch's losses, as numbers, so that a checkpoint in the middle of an epoch can store them. */
export interface EpochSums {
  readonly steps: number;
  readonly sums: Readonly<Record<string, number>>;
}

export const noSteps: EpochSums = { steps: 0, sums: {} };

export function addStep({ steps, sums }: EpochSums, values: Readonly<Record<string, number>>): EpochSums {
  return { steps: steps + 1, sums: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (sums[name] ?? 0) + value])) };
}

export function means({ steps, sums }: EpochSums): Record<string, number> {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / steps]));
}
