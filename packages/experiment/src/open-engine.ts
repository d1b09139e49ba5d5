import { useEngine, type EngineDescription } from '@tass/tensor';
import type { Experiment } from './schema';

/** Starts the engine that an experiment asks for. Throws where one asked for by name is not there. */
export function openEngine({ engine: { backend, threads } }: Experiment): Promise<EngineDescription> {
  return useEngine({ backend, ...(threads === null ? {} : { threads }) });
}
