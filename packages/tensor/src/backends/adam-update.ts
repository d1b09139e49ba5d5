import type { AdamStep } from '../native-adam';

/** A parameter's memory; `after` may be `before`. */
export interface AdamMemory {
  readonly after: Float32Array;
  readonly before: Float32Array;
  readonly first: Float32Array; // the two moments, changed in place
  readonly second: Float32Array;
  readonly gradient: Float32Array;
}

/** One step of Adam in one loop. */
export function updateInPlace({ after, before, first, second, gradient }: AdamMemory, numbers: AdamStep): void {
  const { rate, epsilon } = correctedRate(numbers);
  const left = leftByDecay(numbers);
  const { beta1, beta2 } = numbers;
  const [newFirst, newSecond] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < after.length; i++) {
    const slope = gradient[i];
    const mean = beta1 * first[i] + newFirst * slope;
    const square = beta2 * second[i] + newSecond * slope * slope;
    first[i] = mean;
    second[i] = square;
    after[i] = left * before[i] - (rate * mean) / (Math.sqrt(square) + epsilon);
  }
}

/**
 * What weight decay leaves of a parameter, 1 without it: in float32 as in PyTorch, so that engines agree. A learning rate times weight decay
 * of less than 3e-8 therefore decays nothing.
 */
export function leftByDecay({ learningRate, weightDecay = 0 }: AdamStep): number {
  return Math.fround(1 - learningRate * weightDecay);
}

/** The two numbers that include the correction of both moments, so that neither is corrected separately. */
export function correctedRate({ step, learningRate, beta1, beta2, epsilon }: AdamStep): { rate: number; epsilon: number } {
  const correction = Math.sqrt(1 - beta2 ** step);
  return { rate: (learningRate * correction) / (1 - beta1 ** step), epsilon: epsilon * correction };
}
