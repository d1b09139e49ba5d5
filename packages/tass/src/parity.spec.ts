import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beyondParity, readFixture } from '@tass/testing';
import { Random, engineFromEnvironment, namedParameters, tf, compiledGradients, withParameters } from '@tass/tensor';
import type { TassConfig } from './config';
import { objective, type LossWeights, type NetworkBatch, type NetworkLabels } from '@tass/network';
import { lossesOf } from './losses';
import { Tass } from './tass';

beforeAll(() => engineFromEnvironment());

const folder = join(__dirname, 'fixtures');
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.json'));

it('has a fixture for each kind of network', () => expect(fixtures).toHaveLength(18));

/** The fixtures are written by tools/parity: PyTorch in float64, question by question. Their match head is narrower than the project's. */
it.each(fixtures)('equals the reference: %s', async (file) => {
  const fixture = readFixture(join(folder, file));
  const { weights, ...given } = fixture.config as TassConfig & { weights: LossWeights };
  const config = { ...given, summary: given.summary ?? 'means' };
  const tensors = (arrays: typeof fixture.inputs) =>
    new Map(
      [...arrays].map(([key, { shape, values }]) => [
        key,
        tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
      ]),
    );
  const inputs = Object.fromEntries(tensors(fixture.inputs));
  const parameters = tensors(fixture.parameters);
  const template = Tass.initialize(config, Random.fromSeed(0));
  expect([...parameters.keys()].sort()).toEqual([...namedParameters(template).keys()].sort());

  const { outputs, gradients } = await compiledGradients(parameters, inputs, (named, { answers, mask, ...batch }) => {
    const tree = withParameters(template, named);
    const made = Tass.forward(tree, batch as unknown as NetworkBatch, config, { training: { seed: () => 0 } });
    const { visual, audio } = made.attention ?? {};
    const attention = visual && audio && { visualAttention: visual, audioAttention: audio };
    const labels = { answers, mask } as NetworkLabels;
    const outputs = { ...made, ...lossesOf(tree, made, labels.mask) };
    return { logits: made.logits, ...attention, ...objective(outputs, labels, weights, ['match', 'synchrony']) };
  });
  expect(beyondParity(outputs, fixture.outputs)).toEqual([]);
  expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  expect(fixture.gradients.size).toBe(parameters.size);
  for (const name of fixture.zeroGradients) expect(Math.max(...gradients.get(name)!.map(Math.abs))).toBeLessThan(1e-7);
});
