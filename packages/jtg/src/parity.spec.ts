import { join } from 'node:path';
import { beyondParity, readFixture } from '@tass/testing';
import { Random, engineFromEnvironment, namedParameters, tf, compiledGradients, withParameters } from '@tass/tensor';
import { JointTemporalGrounding as Grounding, type JointTemporalGroundingConfig as Config } from './joint-temporal-grounding';

beforeAll(() => engineFromEnvironment());

/** The fixtures are written by tools/parity: PyTorch in float64, question by question on the interleaved stream. */
it.each(['single-bilstm', 'single-attention', 'dual-bilstm', 'dual-none', 'paired-none'])('equals the reference: %s', async (name) => {
  const fixture = readFixture(join(__dirname, 'fixtures', `${name}.json`));
  const config = fixture.config as Config;
  const tensors = (arrays: typeof fixture.inputs) =>
    new Map([...arrays].map(([key, { shape, values }]) => [key, tf.tensor(values, [...shape])]));
  const inputs = Object.fromEntries(tensors(fixture.inputs));
  const parameters = tensors(fixture.parameters);
  const template = Grounding.initialize(config, Random.fromSeed(0));
  expect([...parameters.keys()].sort()).toEqual([...namedParameters(template).keys()].sort());

  const { outputs, gradients } = await compiledGradients(parameters, inputs, (named, inputs) => {
    const audio = tf.expandDims(inputs.audio, 1) as tf.Tensor4D;
    const visual = inputs.visual as tf.Tensor4D;
    const grounded = Grounding.forward(
      withParameters(template, named),
      { question: inputs.question as tf.Tensor3D, visual, audio },
      config,
    );
    const compared = {
      fused: grounded.fused,
      visual: grounded.visual!,
      visualAttention: grounded.attention.visual!,
      audioAttention: grounded.attention.audio!,
    };
    const terms = Object.entries(compared).map(([key, output]) => tf.sum(tf.mul(output, inputs[`${key}Factors`])));
    return { ...compared, total: tf.addN(terms) };
  });
  // The total only carries gradients: its terms cancel each other, so that rounding is large next to it.
  const compared = new Map([...fixture.outputs].filter(([name]) => name !== 'total'));
  expect(beyondParity(outputs, compared)).toEqual([]);
  expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  expect(fixture.gradients.size).toBe(parameters.size);
});
