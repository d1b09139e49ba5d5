import { createHash } from 'node:crypto';
import type { RunManifest } from './manifest';

/** Which questions were trained on, chose the epoch and are scored: figures on one page share it. */
export interface DataKey {
  readonly id: string; // 12 hexadecimal digits
  readonly parts: Readonly<Record<string, string>>; // digests of the files, and what else decides which questions are which
}

/** `dataset`: of the run's configuration. */
export function dataKey({ datasets }: RunManifest, { kind, holdOut, holdOutSeed }: Readonly<Record<string, unknown>>): DataKey {
  const digests = Object.fromEntries(['train', 'val', 'test'].map((part) => [part, datasets[part] ?? 'unknown']));
  // Without a train file part of val is trained on, and which part decides what val is.
  const isParted = kind !== 'mini-avqa' && digests.train === digests.val;
  const parts = { ...digests, ...(isParted ? { holdOut: String(holdOut), holdOutSeed: String(holdOutSeed) } : {}) };
  return { id: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12), parts };
}
