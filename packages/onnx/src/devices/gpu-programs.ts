import { spawnSync } from 'node:child_process';

/**
 * Other programs on NVIDIA's GPUs, as NVIDIA's tool lists them, as the end of an error: `. Also on the GPU: python (process 4711, 70000 MiB)`. Empty if
 * there are none, or no such tool; in a container it sees none of other containers.
 */
export function alsoOnGpu(environment: NodeJS.ProcessEnv = process.env): string {
  const query = ['--query-compute-apps=pid,process_name,used_memory', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 20_000, env: environment });
  if (status !== 0) return '';
  const programs = [...stdout.matchAll(/^(\d+), (.+), ([^,]+)$/gm)].filter(([, pid]) => Number(pid) !== process.pid);
  if (programs.length === 0) return '';
  return `. Also on the GPU: ${programs.map(([, pid, name, memory]) => `${name} (process ${pid}, ${memory.trim()})`).join(', ')}`;
}
