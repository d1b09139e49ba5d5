import { Random, tf, valueAndGradients } from '@tass/tensor';

export interface TrainingTrace {
  readonly losses: readonly number[]; // before each step
  readonly parameters: readonly Float32Array[];
  readonly milliseconds: number; // of the faster step
}

/** Trains a small seeded network for two steps of gradient descent on the engine in use. Equal on all engines up to rounding. */
export function trainTwoSteps(): TrainingTrace {
  const [batch, width, hidden, answers] = [64, 128, 256, 10];
  const random = Random.fromSeed(1);
  const uniform = (label: string, shape: [number, number]) =>
    tf.tensor2d(random.fork(label).uniforms(shape[0] * shape[1], 1 / Math.sqrt(shape[0])), shape);
  return tf.tidy(() => {
    const inputs = tf.tensor2d(random.fork('inputs').normals(batch * width), [batch, width]);
    const labels = tf.oneHot(
      Array.from({ length: batch }, (_, i) => i % answers),
      answers,
    );
    let named = new Map<string, tf.Tensor>([
      ['first', uniform('first', [width, hidden])],
      ['second', uniform('second', [hidden, answers])],
    ]);
    const losses: number[] = [];
    const times: number[] = [];
    for (let step = 0; step < 2; step++) {
      const start = performance.now();
      const { outputs, gradients } = valueAndGradients(named, (all) => {
        const logits = tf.matMul(tf.tanh(tf.matMul(inputs, all.get('first') as tf.Tensor2D)), all.get('second') as tf.Tensor2D);
        return { total: tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), labels), -1))) };
      });
      named = new Map([...named].map(([name, value]) => [name, tf.sub(value, tf.mul(gradients.get(name) as tf.Tensor, 0.5))]));
      losses.push(outputs.total.dataSync()[0]);
      times.push(performance.now() - start);
    }
    return { losses, parameters: [...named.values()].map((value) => value.dataSync() as Float32Array), milliseconds: Math.min(...times) };
  });
}

/** The largest difference of two traces, in losses and parameters. */
export function greatestTraceDifference(a: TrainingTrace, b: TrainingTrace): number {
  const valuesOf = ({ losses, parameters }: TrainingTrace): number[] => [losses, ...parameters].flatMap((values) => Array.from(values));
  const others = valuesOf(b);
  return valuesOf(a).reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - others[i])), 0);
}
