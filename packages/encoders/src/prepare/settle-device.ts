import { recordProvider } from '@tass/feature-store';
import { chooseProvider, findProvider, type FoundProvider } from '@tass/onnx';
import type { ProviderName } from '../model/session';
import { checkDevice, type DeviceCheck, describeNodes, type EncodedStage } from './check-device';
import type { DeviceChoice, FeaturePlan } from './plan-stores';
import type { Stage } from './stages';

type Say = (line: string) => void;

/**
 * Decides where a plan's encoders compute, before the first record of `stages`. Another provider than the CPU's is tried on each model; what it
 * ran is said and recorded in the stores. Gives the plan with that provider. Throws where a named provider is missing, refuses a model, or
 * computes other features than the CPU; `auto` takes the CPU then, and says why.
 */
export async function settleDevice(plan: FeaturePlan, stages: readonly Pick<Stage, 'name' | 'store'>[], say: Say): Promise<FeaturePlan> {
  const { device = 'cpu' } = plan;
  if (device === 'cpu' || stages.every(({ name }) => name === 'seconds')) return { ...plan, device: 'cpu' };
  const onCpu = (reason: string): FeaturePlan => {
    say(`features.device=auto: the encoders run on the CPU. ${reason}`);
    return { ...plan, device: 'cpu' };
  };
  const { provider, passedOver } = device === 'auto' ? chooseProvider() : { provider: named(device), passedOver: [] };
  if (provider.name === 'cpu') return onCpu(passedOver.join('; '));
  try {
    for (const { name, store } of stages) {
      if (name === 'seconds') continue;
      const { nodes, difference } = await checkOnce(name, plan, provider.name);
      await recordProvider(store.folder, { provider: provider.name, device: provider.device, of: name, nodes, difference });
      say(`${name} on ${provider.name} (${provider.device}): ${describeNodes(nodes)}; ${describeDifference(difference)}`);
    }
  } catch (error) {
    if (device !== 'auto') throw error;
    return onCpu((error as Error).message);
  }
  if (provider.isSoftware) say(`${provider.device} computes on the CPU: right, but slower than features.device=cpu`);
  return { ...plan, device: provider.name };
}

/** Throws where the provider that a plan names is missing. */
export function expectDevice({ device = 'cpu' }: FeaturePlan): void {
  if (device !== 'auto') named(device);
}

/** Of a plan whose device is settled. */
export function providerOf(device: DeviceChoice = 'cpu'): ProviderName {
  if (device === 'auto') throw new Error('the device auto is not settled: it is, before the first shard is made');
  return device;
}

function named(device: ProviderName): FoundProvider {
  const found = findProvider(device);
  if ('missing' in found) throw new Error(`features.device=${device}: ${found.missing}. Or set features.device=auto, or cpu`);
  return found;
}

const checked = new Map<string, Promise<DeviceCheck>>(); // of this process

/** A model is tried once, however often features are prepared with it. */
function checkOnce(stage: EncodedStage, plan: FeaturePlan, provider: ProviderName): Promise<DeviceCheck> {
  const key = JSON.stringify([stage, provider, stage === 'sound' ? [plan.audio, plan.sampling?.segmentSeconds] : plan.clip]);
  const check = checked.get(key) ?? checkDevice(stage, plan, provider);
  checked.set(key, check);
  return check;
}

const describeDifference = (difference: number): string =>
  `features differ from the CPU's by ${difference.toPrecision(2)} of the greatest value`;
