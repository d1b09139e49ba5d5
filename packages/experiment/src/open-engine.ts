import { canCompile, useEngine, type CompileMode, type EngineDescription } from '@tass/tensor';
import type { Experiment } from './schema';

export interface OpenEngine extends EngineDescription {
  readonly compile: CompileMode; // off if the engine cannot compile
}

/** Starts an experiment's engine. Throws if a named engine is not installed. */
export async function openEngine({ engine: { backend, threads, device, compile } }: Experiment): Promise<OpenEngine> {
  const engine = await useEngine({ backend, device, ...(threads === null ? {} : { threads }) });
  return { ...engine, compile: canCompile() ? compile : 'off' };
}
