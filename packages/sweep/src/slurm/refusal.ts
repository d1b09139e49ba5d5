import type { SlurmConfig } from './slurm-config';

/** Why sbatch submitted no job: `refused` is permanent; `limit` passes when jobs end; `unknown`: Slurm may still have accepted the job. */
export interface Refusal {
  readonly kind: 'refused' | 'limit' | 'unknown';
  readonly message: string;
}

type Key = keyof SlurmConfig;

/**
 * Messages of sbatch and the keys that they may refer to; the first match counts. Names such as QOSMaxSubmitJobPerUserLimit are Slurm's
 * policies.
 */
const meanings: readonly (readonly [RegExp, Refusal['kind'], readonly Key[]])[] = [
  [/unable to contact|connect failure|timed out|temporarily unable|unexpected message|zero bytes/i, 'unknown', []],
  [/(QOS|Assoc)\w*Submit/, 'limit', []],
  [/(QOS|Assoc)\w*Wall/, 'refused', ['time', 'qos']],
  [/(QOS|Assoc)\w*GRES/i, 'refused', ['gpus', 'qos']],
  [/(QOS|Assoc)\w*Mem/, 'refused', ['memory', 'qos']],
  [/(QOS|Assoc)(Max|Min|Grp)\w*/, 'refused', ['cpus', 'memory', 'gpus', 'qos']],
  [/job submit limit/i, 'limit', []], // older ones tell no more than that it was some limit
  [/partition/i, 'refused', ['partition']],
  [/account|association/i, 'refused', ['account', 'partition']],
  [/qos/i, 'refused', ['qos']],
  [/time limit|--time /i, 'refused', ['time']],
  [/memory|--mem /i, 'refused', ['memory']],
  [/gres|generic resource|gpu/i, 'refused', ['gpus']],
  [/feature|constraint/i, 'refused', ['constraint']],
  [/node name/i, 'refused', ['exclude']],
  [/array/i, 'refused', ['maxArraySize', 'concurrent']],
  [/node configuration|more processors|cpu/i, 'refused', ['cpus', 'memory', 'gpus', 'constraint', 'exclude']],
];

/** The error for the configuration from `stderr` of an sbatch that ended with `code` (null: it was killed). */
export function refusal(stderr: string, code: number | null, config: SlurmConfig): Refusal {
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^(sbatch: )?(error: |fatal: )?(allocation failure: |Batch job submission failed: )?/, '').trim())
    .filter((line) => line && !/^Try "sbatch/.test(line));
  const all = said.join('. ');
  const text = said[0] ?? `it ended with ${code ?? 'a signal'}`;
  if (code === null) return { kind: 'unknown', message: `launcher slurm: sbatch was ended before it answered` };
  const [, kind, keys] = meanings.find(([pattern]) => pattern.test(all)) ?? [undefined, 'refused' as const, []];
  if (kind === 'unknown') return { kind, message: `launcher slurm: Slurm does not answer: ${text}` };
  if (kind === 'limit') return { kind, message: `launcher slurm: Slurm accepts no more jobs for now: ${text}` };
  return { kind, message: `launcher slurm: sbatch refuses: ${text}. ${remedy(keys, text, config)}` };
}

function remedy(keys: readonly Key[], text: string, config: SlurmConfig): string {
  const option = /'?(--[a-z-]+)/.exec(text)?.[1];
  if (option && config.extra.some((each) => each.startsWith(option))) return `Change ${option} in launcher.extra`;
  const given = keys.filter((key) => config[key] !== undefined);
  if (given.length > 0) return `Change ${given.map((key) => `launcher.${key} (now ${String(config[key])})`).join(' or ')}`;
  if (keys.length > 0) return `Set ${keys.map((key) => `launcher.${key}`).join(' or ')}`;
  return `Change the keys of launcher${config.extra.length > 0 ? ', perhaps launcher.extra' : ''}`;
}
