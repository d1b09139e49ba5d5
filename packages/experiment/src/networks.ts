import { baselines, faultyNetworks } from '@tass/baselines';
import { ConfigError, type ComposedConfig } from '@tass/config';
import type { BuiltNetwork, DataSizes, LossWeights, Mistake, NeededFeatures, Network } from '@tass/network';
import { build } from '@tass/network';
import { tass } from '@tass/tass';
import { Random } from '@tass/tensor';
import { z } from 'zod';
import { expectMemory } from './expect-memory';

type AnyNetwork = Network<object, object>;

/** Every network that `model.network` may name. Without that key, the network is TASS. */
const networks: ReadonlyMap<string, AnyNetwork> = new Map(
  [...baselines, tass].map((network) => [network.name, network as AnyNetwork]), // TASS last: nothing takes its name
);

export type Model = { readonly network: string } & Readonly<Record<string, unknown>>;

/** `model.*`: the settings of the network that `model.network` names. */
export const modelSchema = z.discriminatedUnion(
  'network',
  [...networks.values()].map(({ name, settings }) =>
    z.strictObject({ network: name === tass.name ? z.literal(name).default(name) : z.literal(name), ...settings.shape }),
  ) as unknown as [z.ZodObject],
) as unknown as z.ZodType<Model>;

/**
 * `loss.*`: the answer's weight, and one for each loss of the network; an optional one at 0 is as if left out. Anything if the network is
 * unknown.
 */
export function lossSchema(model: unknown): z.ZodType<LossWeights> {
  const { network = tass.name } = (model ?? {}) as Partial<Model>;
  const answer = z.number().positive();
  const weight = z.number().nonnegative();
  const { losses = [], optionalLosses = [] } = networks.get(network) ?? {};
  const weights = {
    ...Object.fromEntries(losses.map((name) => [name, weight])),
    ...Object.fromEntries(optionalLosses.map((name) => [name, weight.optional()])),
  };
  const withoutUnused = (given: Record<string, number | undefined>) =>
    Object.fromEntries(Object.entries(given).filter(([name, value]) => !(optionalLosses.includes(name) && !value)));
  const schema = networks.has(network) ? z.strictObject({ answer, ...weights }).transform(withoutUnused) : z.looseObject({ answer });
  return schema as unknown as z.ZodType<LossWeights>;
}

/**
 * Throws ConfigError for mistakes that the schema would report in many lines or not at all: a network whose file is faulty, and settings of
 * one network under another's name.
 */
export function refuseOtherNetworks({ config, sourceOf }: Pick<ComposedConfig, 'config' | 'sourceOf'>): void {
  const { model } = (config ?? {}) as { readonly model?: unknown };
  if (model === null || typeof model !== 'object') return;
  const { network: name = tass.name, ...settings } = model as Partial<Model>;
  const fault = faultyNetworks.get(name);
  const refuse = (text: string): never => {
    throw new ConfigError([`${sourceOf(['model', 'network'])}: model.network is ${name}, ${text}`]);
  };
  if (fault !== undefined) refuse(`but ${fault}`);
  const lacks = (network: AnyNetwork) => Object.keys(settings).filter((key) => !(key in network.settings.shape));
  const chosenNetwork = networks.get(name);
  if (!chosenNetwork || lacks(chosenNetwork).length < 2) return;
  const other = [...networks.values()].find((network) => lacks(network).length === 0);
  if (other) refuse(`but model has the settings of ${other.name}. A network comes with its own experiment, as --exp=networks/${name}; or write \`override model: null, override loss: null\` in the defaults and give its own`); // prettier-ignore
}

export function mistakesOf(model: Model, weights: LossWeights): readonly Mistake[] {
  const { network, settings } = chosen(model);
  const tooLarge = Object.entries(settings).filter(([key, value]) => typeof value === 'number' && value > mostOf(key));
  if (tooLarge.length > 0) return tooLarge.map(([key]) => ({ path: ['model', key], expected: `at most ${mostOf(key)}` }));
  return network.mistakes?.(settings, weights) ?? [];
}

/** Of a number in `model`. A width may be 16 times the paper's. */
const mostOf = (key: string): number => (key === 'layers' ? 100 : 8192);

/** Which features an experiment's network reads. */
export function neededFeatures({ model }: { readonly model: Model }): NeededFeatures {
  const { network, settings } = chosen(model);
  return network.needs(settings);
}

export function comparesInJointSpace(model: Model): boolean {
  const { network, settings } = chosen(model);
  return network.comparesInJointSpace?.(settings) ?? false;
}

/** Whether the network reads texts word by word and cannot use all tokens of a text encoder. */
export function readsWordByWord(model: Model): boolean {
  const { network, settings } = chosen(model);
  return network.needs(settings).text && network.takesTokens !== true;
}

export function remarksOf(model: Model): readonly string[] {
  const { network, settings } = chosen(model);
  return network.remarks?.(settings) ?? [];
}

/** The network of an experiment with its initial values: settings from the configuration, sizes from the data. Throws RangeError if they do not fit, or not into memory. */
export function buildNetwork({ model, seed }: { readonly model: Model; readonly seed: number }, sizes: DataSizes): BuiltNetwork {
  const { network, settings } = chosen(model);
  const random = () => Random.fromSeed(seed).fork('parameters');
  expectMemory(settings, (dim) => build(network, { ...settings, dim }, sizes, random()));
  return build(network, settings, sizes, random());
}

function chosen({ network: name, ...settings }: Model): { network: AnyNetwork; settings: object } {
  return { network: networks.get(name)!, settings };
}
