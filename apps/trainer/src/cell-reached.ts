import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from '@tass/experiment';
import { readAttempts, readCell, type Reached } from '@tass/sweep';
import { readFinalMetrics } from '@tass/tracking';

/** The progress of the latest run of the cell in `folder`, from its journal. Undefined if there is no readable journal. */
export function reachedBy(folder: string, runs: string): Reached | undefined {
  try {
    const { run } = readAttempts(folder).findLast((attempt) => attempt.run !== undefined) ?? {};
    if (run === undefined || !existsSync(join(runs, run, 'metrics.jsonl'))) return undefined;
    const { epochs } = (readCell(folder).config as { readonly experiment: Experiment }).experiment;
    const records = readFinalMetrics(join(runs, run)).filter(({ values }) => accuracy in values);
    const last = records.at(-1);
    if (!last) return { done: 0, total: epochs, unit: 'epochs', note: '' };
    const best = Math.max(...records.map(({ values }) => values[accuracy]));
    return { done: last.epoch, total: epochs, unit: 'epochs', note: `loss ${last.values[loss].toFixed(3)}, best ${best.toFixed(2)} %` };
  } catch {
    return undefined; // a display problem must not end a sweep
  }
}

const accuracy = 'val/accuracy/All';
const loss = 'train/total';
