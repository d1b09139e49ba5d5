import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Threads for each of so many jobs at once on this machine, at least one. */
export const threadShare = (jobs: number, threads: number = availableParallelism()): number => Math.max(1, Math.floor(threads / jobs));

/**
 * The GPUs of this machine, in the notation of CUDA_VISIBLE_DEVICES: those that it lists, if it is set, else all that `nvidia-smi` lists,
 * by UUID, because CUDA numbers devices in another order. Empty if there are none.
 */
export function findGpus(environment: NodeJS.ProcessEnv = process.env): string[] {
  const { CUDA_VISIBLE_DEVICES: visible } = environment;
  if (visible !== undefined) {
    const names = visible.split(',').map((name) => name.trim());
    const end = names.findIndex((name) => !/^(\d+|GPU-.+|MIG-.+)$/.test(name)); // CUDA ignores everything from the first invalid name on
    return end < 0 ? names : names.slice(0, end);
  }
  const { status, stdout } = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8', timeout: 20_000, env: environment });
  return status === 0 ? [...stdout.matchAll(/^GPU \d+: .*\(UUID: (GPU-[^)]+)\)/gm)].map(([, uuid]) => uuid) : [];
}
