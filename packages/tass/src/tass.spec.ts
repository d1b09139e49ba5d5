import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, namedParameters, tf, withParameters } from '@tass/tensor';
import type { TassConfig } from './config';
import { objective } from './objective';
import { Tass, type TassBatch, type TassParameters } from './tass';
import { ablations, batch, config, labels, weights } from './fixtures/small-batch';

const parametersOf = (of: TassConfig): TassParameters => Tass.initialize(of, Random.fromSeed(1));
const training = { training: { seed: 0 } };
const logitsOf = (parameters: TassParameters, of: TassConfig, inputs: TassBatch = batch) =>
  Tass.forward(parameters, inputs, of).logits.dataSync();

/** The loss as a function of the parameters by name, and its gradient. */
function gradientsOf(of: TassConfig, parameters: TassParameters, inputs = batch, targets = labels) {
  const named = namedParameters(parameters);
  const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
    const tree = withParameters(parameters, new Map([...named.keys()].map((name, i) => [name, tensors[i]])));
    return objective(tree, Tass.forward(tree, inputs, of, training), targets, weights).total;
  };
  const gradients = tf.grads(loss)([...named.values()]);
  return { named, loss, gradients: new Map([...named.keys()].map((name, i) => [name, gradients[i]])) };
}

describe('Tass', () => {
  it.each(Object.entries(ablations))('has a finite gradient for every parameter: %s', (_, of) => {
    const { named, gradients } = gradientsOf(of, parametersOf(of));
    expect([...gradients.keys()]).toEqual([...named.keys()]);
    for (const [name, gradient] of gradients) {
      const values = [...gradient.dataSync()];
      expect({ name, finite: values.every(Number.isFinite) }).toEqual({ name, finite: true });
      const still = of.question.target === 'hard' && name.startsWith('question.target.');
      expect({ name, moves: values.some((value) => value !== 0) }).toEqual({ name, moves: !still });
    }
  });
});
