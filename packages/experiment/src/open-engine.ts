import { canCompile, useEngine, type CompileMode, type EngineDescription } from '@tass/tensor';
import type { Experiment } from './schema';

export interface OpenEngine extends EngineDescription {
  readonly compile: CompileMode; // off where the engine compiles nothing
}

/** Starts the engine that an experiment asks for. Throws where one asked for by name is not there. */
export async function openEngine({ engine: { backend, threads, device, compile } }: Experiment): Promise<OpenEngine> {
  const engine = await useEngine({ backend, device, ...(threads === null ? {} : { threads }) });
  return { ...engine, compile: canCompile() ? compile : 'off' };
}
