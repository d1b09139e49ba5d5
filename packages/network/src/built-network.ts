import { expectShape, type Random } from '@tass/tensor';
import type { NetworkBatch } from './batch';
import { reserved } from './fault-of';
import type { Intervention } from './intervention';
import type { DataSizes, ForwardOptions, Network, NetworkOutputs } from './network';

/** A network with its configuration and initial values. */
export interface BuiltNetwork {
  readonly name: string;
  readonly losses: readonly string[];
  readonly interventions: readonly Intervention[];
  readonly mapThreshold: number; // see Network
  readonly parameters: object; // a tree of tensors
  /** Throws ShapeError and RangeError, also for invalid outputs. */
  forward(parameters: object, batch: NetworkBatch, options?: ForwardOptions): NetworkOutputs;
}

/** Throws RangeError if the data do not fit the settings. */
export function build<Settings extends object, Parameters extends object>(
  network: Network<Settings, Parameters>,
  settings: Settings,
  sizes: DataSizes,
  random: Random,
): BuiltNetwork {
  const { name, optionalLosses = [] } = network;
  const losses = [...(network.losses ?? []), ...optionalLosses];
  const interventions = network.interventions?.(settings) ?? [];
  const config = { ...settings, sizes };
  return {
    ...{ name, losses, interventions, mapThreshold: network.mapThreshold?.(settings) ?? 1 },
    parameters: network.initialize(config, random),
    forward(parameters, batch, options = {}) {
      const { intervention, training } = options;
      if (intervention !== undefined && !interventions.includes(intervention)) {
        throw new RangeError(`${name}: intervention is ${intervention}, expected one that it knows: ${interventions.join(', ') || 'none'}`);
      }
      if (intervention !== undefined && training)
        throw new RangeError(`${name}: an intervention is given in training, expected at test only`);
      const outputs = network.forward(parameters as Parameters, batch, config, options);
      const [videos, questions] = batch.wordMask.shape;
      expectShape(name, { logits: outputs.logits }, { logits: 'videos questions answers' }, { videos, questions, answers: sizes.answers });
      const unknown = Object.keys(outputs.losses ?? {}).find((loss) => !losses.includes(loss));
      if (unknown !== undefined) throw new RangeError(`${name}: gives a loss ${unknown}, expected one of its losses: ${losses.join(', ') || 'none'}`); // prettier-ignore
      const taken = Object.keys(outputs.figures ?? {}).find((figure) => [...reserved, ...losses].includes(figure));
      if (taken !== undefined) throw new RangeError(`${name}: gives a figure ${taken}, which is the name of a loss`);
      return outputs;
    },
  };
}
