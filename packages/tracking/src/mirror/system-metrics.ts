import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, readOwnText } from '@tass/files';
import type { MetricsRecord } from '../journal';
import { readLines } from '../journal-lines';

/** What a run's `system.jsonl` holds so far: one record for each moment, by MLflow's names. Lines that are none, or do not match their check value, are passed over. */
export function readSystemMetrics(folder: string): MetricsRecord[] {
  const file = systemMetricsFile(folder);
  if (!existsSync(file)) return [];
  const lines = readOwnText(file, mostBytes.journal).split('\n').slice(0, -1);
  return lines.map((line, index) => ({ ...record(line), step: index, epoch: 0 }));
}

export const systemMetricsFile = (folder: string): string => join(folder, 'system.jsonl');

function record(line: string): { time: number; values: Record<string, number> } {
  try {
    const [body] = readLines([line], systemMetricsFile('')).bodies; // each line by itself: a run that was stopped begins anew
    const { time, values } = JSON.parse(body) as { time: unknown; values: unknown };
    if (typeof time === 'number' && values instanceof Object) return { time, values: values as Record<string, number> };
  } catch {
    // as below
  }
  return { time: 0, values: {} };
}
