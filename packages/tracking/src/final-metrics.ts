import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readMark } from './commit-mark';
import { readJournal, type MetricsRecord } from './journal';

/**
 * The records of a run that no resumed training writes again: all of a finished run, else the committed ones. Also of a run that is being
 * written: report and mark are read before the lines they speak of. Throws RunError on damage.
 */
export function readFinalMetrics(folder: string): MetricsRecord[] {
  const file = join(folder, 'metrics.jsonl');
  const final = existsSync(join(folder, 'report.json')) ? Infinity : readMark(file);
  return readJournal(file).slice(0, final);
}
