import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { objective, type Network, type NetworkBatch, type NetworkLabels, type NetworkOutputs } from '@tass/network';
import { Random, type RowOrder, compiledGradients, engineFromEnvironment, namedParameters, tf, withParameters } from '@tass/tensor';
import { beyondParity, readFixture } from '@tass/testing';
import { network as cueSpace } from './networks/cue-space';
import { network as meanPooling } from './networks/mean-pooling';
import { network as pstpIntended } from './networks/pstp-intended';
import { network as pstpPublic } from './networks/pstp-public';
import { network as qaTiger } from './networks/qa-tiger';
import { network as qast } from './networks/qast';
import { network as stAvqaNetwork, stAvqa } from './networks/st-avqa';
import { network as tjstgNetwork, tjstg } from './networks/tjstg';
import { network as transformer } from './networks/transformer';
import { network as tspm } from './networks/tspm';

beforeAll(() => engineFromEnvironment());

interface Compared {
  readonly losses: readonly string[];
  readonly initialize: (config: never, random: Random) => object;
  readonly forward: (
    parameters: never,
    batch: NetworkBatch,
    config: never,
    training: NetworkLabels & { negatives: RowOrder },
  ) => NetworkOutputs;
}
const withoutLosses = <Settings extends object, Parameters extends object>({
  initialize,
  forward,
}: Network<Settings, Parameters>): Compared => ({
  ...{ losses: [], initialize },
  forward: (tree, batch, config) => forward(tree, batch, config, {}),
});
const inTraining = <Settings extends object, Parameters extends object>({
  optionalLosses = [],
  initialize,
  forward,
}: Network<Settings, Parameters>): Compared => ({
  ...{ losses: optionalLosses, initialize },
  forward: (tree, batch, config, labels) => forward(tree, batch, config, { training: { seed: () => 0, labels } }),
});
const networks: readonly [RegExp, Compared][] = [
  [/^st-avqa/, { ...stAvqaNetwork, losses: ['match'], forward: stAvqa }],
  [/^cue-space/, withoutLosses(cueSpace)],
  [/^mean-pooling/, withoutLosses(meanPooling)],
  [/^transformer/, withoutLosses(transformer)],
  [/^pstp-intended/, withoutLosses(pstpIntended)],
  [/^pstp-public/, withoutLosses(pstpPublic)],
  [/^qa-tiger/, withoutLosses(qaTiger)],
  [/^qast/, inTraining(qast)],
  [/^tjstg/, { ...tjstgNetwork, losses: ['match', 'synchrony'], forward: tjstg }],
  [/^tspm/, withoutLosses(tspm)],
];

const folder = join(__dirname, 'fixtures');
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.json'));

it('has a fixture of each kind', () => expect(fixtures).toHaveLength(17));

/** The fixtures are written by tools/parity: PyTorch in float64, question by question, on given negatives. Their match head is narrower. */
it.each(fixtures)('equals the reference: %s', async (file) => {
  const { initialize, forward, losses } = networks.find(([name]) => name.test(file))![1];
  const fixture = readFixture(join(folder, file));
  const tensors = (arrays: typeof fixture.inputs) => new Map([...arrays].map(([key, { shape, values }]) => [key, tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32')])); // prettier-ignore
  const inputs = Object.fromEntries(tensors(fixture.inputs));
  const parameters = tensors(fixture.parameters);
  const config = fixture.config as never;
  const template = initialize(config, Random.fromSeed(0));
  expect([...parameters.keys()].sort()).toEqual([...namedParameters(template).keys()].sort());

  const { outputs, gradients } = await compiledGradients(parameters, inputs, (named, { answers, mask, order, inverse, ...batch }) => {
    const tree = withParameters(template, named) as never;
    const training = { answers, mask, negatives: { order, inverse } } as NetworkLabels & { negatives: RowOrder };
    const given = forward(tree, batch as unknown as NetworkBatch, config, training);
    const attention = given.attention && { visualAttention: given.attention.visual!, audioAttention: given.attention.audio! };
    const weights = {
      ...Object.fromEntries(losses.map((name) => [name, 1])),
      answer: 1,
      ...(losses.includes('match') ? { match: 0.5 } : {}),
    };
    return { logits: given.logits, ...attention, ...objective(given, { answers, mask } as NetworkLabels, weights, losses) };
  });
  expect(beyondParity(outputs, fixture.outputs)).toEqual([]);
  expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  expect(fixture.gradients.size).toBe(parameters.size);
  for (const name of fixture.zeroGradients) expect(gradients.get(name)!.every((value) => value === 0)).toBe(true);
});
