import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, readOwnText } from '@tass/files';
import type { MetricsRecord } from '../journal';
import { readLines } from '../journal-lines';

/**
 * The records in a run's `system.jsonl` so far, one for each sample, with MLflow's names. Skips lines that are not records or do not match
 * their check value.
 */
export function readSystemMetrics(folder: string): MetricsRecord[] {
  const file = systemMetricsFile(folder);
  if (!existsSync(file)) return [];
  const lines = readOwnText(file, mostBytes.journal).split('\n').slice(0, -1);
  return lines.map((line, index) => ({ ...record(line), step: index, epoch: 0 }));
}

export const systemMetricsFile = (folder: string): string => join(folder, 'system.jsonl');

function record(line: string): { time: number; values: Record<string, number> } {
  try {
    const [body] = readLines([line], systemMetricsFile('')).bodies; // each line on its own, because a resumed run starts a new chain
    const { time, values } = JSON.parse(body) as { time: unknown; values: unknown };
    if (typeof time === 'number' && values instanceof Object) return { time, values: values as Record<string, number> };
  } catch {
    // as below
  }
  return { time: 0, values: {} };
}
