import { canCompile, useEngine, type CompileMode, type EngineDescription } from '@tass/tensor';
import type { Experiment } from './schema';

export interface OpenEngine extends EngineDescription {
  readonly compile: CompileMode; // off if the engine cannot compile
}

/** Starts an experiment's engine. Throws if a named engine is not installed, or if a GPU would get no steps. */
export async function openEngine({ engine: { backend, threads, device, compile } }: Experiment): Promise<OpenEngine> {
  const possible = compile === 'off' && device === 'auto' ? 'cpu' : device;
  const engine = await useEngine({ backend, device: possible, ...(threads === null ? {} : { threads }) });
  if (compile === 'off' && engine.device.startsWith('webgpu'))
    throw new RangeError(`the device is ${engine.device}, which computes compiled steps only, but engine.compile is off. Leave out one of the two`); // prettier-ignore
  return { ...engine, compile: canCompile() ? compile : 'off' };
}
