import type { Experiment } from '@tass/experiment';
import type { LauncherConfig } from '@tass/sweep';
import { webgpuFor } from '@tass/tensor';

/**
 * One line if jobs of a sweep share a GPU: WebGPU chooses it itself, and onnxruntime has no option for another one, so none can be handed out
 * as CUDA's are. Source: onnxruntime 1.30, options of its WebGPU provider.
 */
export function sharedGpu(experiments: readonly Pick<Experiment, 'engine'>[], launcher: LauncherConfig): string[] {
  if (launcher.kind !== 'local' || launcher.jobs < 2) return [];
  const engines = new Map(experiments.map(({ engine: { backend, device } }) => [`${backend} ${device}`, { backend, device }])); // the driver is asked once each
  const gpus = new Set([...engines.values()].map(webgpuFor));
  gpus.delete(undefined);
  return [...gpus].map(
    (gpu) => `WebGPU: the ${launcher.jobs} jobs at once share one GPU (${gpu}) and its memory. --jobs=1 gives each run all of it`,
  );
}
