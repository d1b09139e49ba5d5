import { engineNames, useEngine } from './engine';
import type { EngineDescription, EngineName, EngineOptions } from './engine';

/**
 * Uses the engine that TASS_ENGINE names (onnxruntime, tensorflow, wasm, cpu or auto), else `otherwise`. For specs, so that one suite can be run on every
 * engine: `beforeAll(() => engineFromEnvironment())`. Throws RangeError when the variable holds another word.
 */
export async function engineFromEnvironment(otherwise: EngineOptions = { backend: 'cpu' }): Promise<EngineDescription> {
  const name = process.env.TASS_ENGINE;
  if (!name) return useEngine(otherwise);
  if (name !== 'auto' && !engineNames.includes(name as EngineName)) {
    throw new RangeError(`TASS_ENGINE is ${name}, expected auto, ${engineNames.join(', ')}`);
  }
  return useEngine({ ...otherwise, backend: name as EngineOptions['backend'] });
}
