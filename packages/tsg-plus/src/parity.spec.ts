import { join } from 'node:path';
import { beyondParity, readFixture } from '@tass/testing';
import { Random, engineFromEnvironment, namedParameters, tf, compiledGradients, withParameters } from '@tass/tensor';
import {
  TargetAwareSpatialGrounding as Grounding,
  type TargetAwareSpatialGroundingConfig as Config,
  type TargetAwareSpatialGroundingInputs as Inputs,
} from './target-aware-spatial-grounding';

beforeAll(() => engineFromEnvironment());

const cases = ['mean-maps', 'separate-maps', 'text-query', 'audio-query', 'average-pooling', 'product-of-maps', 'places-of-maps', 'places-of-separate-maps', 'presence', 'presence-of-separate-maps']; // prettier-ignore

/** The fixtures are written by tools/parity: PyTorch in float64, question by question. */
it.each(cases)('equals the reference: %s', async (name) => {
  const fixture = readFixture(join(__dirname, 'fixtures', `${name}.json`));
  const config = fixture.config as Config;
  const tensors = (arrays: typeof fixture.inputs) =>
    new Map([...arrays].map(([key, { shape, values }]) => [key, tf.tensor(values, [...shape])]));
  const inputs = Object.fromEntries(tensors(fixture.inputs));
  const parameters = tensors(fixture.parameters);
  const template = Grounding.initialize(config, Random.fromSeed(0));
  expect([...parameters.keys()].sort()).toEqual([...namedParameters(template).keys()].sort());

  const { outputs, gradients } = await compiledGradients(parameters, inputs, (named, inputs) => {
    const oneSound = inputs.audio && tf.expandDims(inputs.audio, 1);
    const given = { ...inputs, audio: oneSound } as unknown as Inputs;
    const { visual, grounded } = Grounding.forward(withParameters(template, named), given, config);
    const total = tf.add(tf.sum(tf.mul(visual, inputs.visualFactors)), tf.sum(tf.mul(grounded, inputs.groundedFactors)));
    return { visual, grounded, total };
  });
  // The total only carries gradients: its terms cancel each other, so that rounding is large next to it.
  const compared = new Map([...fixture.outputs].filter(([name]) => name !== 'total'));
  expect(beyondParity(outputs, compared)).toEqual([]);
  expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  expect(fixture.gradients.size).toBe(parameters.size);
});
