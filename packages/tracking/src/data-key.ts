import { createHash } from 'node:crypto';
import type { RunManifest } from './manifest';

/** Identifies the questions for training, for choosing the epoch and for scoring; all figures on a page share it. */
export interface DataKey {
  readonly id: string; // 12 hexadecimal digits
  readonly parts: Readonly<Record<string, string>>; // digests of the files, and everything else that decides the splits
}

/** `dataset`: of the run's configuration. */
export function dataKey({ datasets }: RunManifest, { kind, holdOut, holdOutSeed }: Readonly<Record<string, unknown>>): DataKey {
  const digests = Object.fromEntries(['train', 'val', 'test'].map((part) => [part, datasets[part] ?? 'unknown']));
  // Without a train file, part of val is used for training; which part, decides what val contains.
  const isParted = kind !== 'mini-avqa' && digests.train === digests.val;
  const parts = { ...digests, ...(isParted ? { holdOut: String(holdOut), holdOutSeed: String(holdOutSeed) } : {}) };
  return { id: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12), parts };
}
