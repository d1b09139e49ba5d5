import { join } from 'node:path';
import { countNumbers } from '@tass/checkpoints';
import { runFiles } from '@tass/experiment';
import type { RunRow } from '@tass/leaderboard';
import { readFinalMetrics, type MetricsRecord, type RunReport } from '@tass/tracking';
import { ComparisonError } from './comparison-error';
import { costOf } from './cost';
import type { Entry } from './entries';
import type { Page } from './page';

/** A run's row on a leaderboard, without its scores. Throws ComparisonError if its report or journal is damaged. */
export function runRow(
  { record: { folder, manifest }, experiment: { seed }, report }: Entry,
  { trained }: Pick<Page, 'trained'>,
): Omit<RunRow, 'figures' | 'grounding' | 'calibration' | 'folder'> {
  const { id, code, engine } = manifest;
  const epoch = scoredEpoch(folder, report);
  const journal = readFinalMetrics(folder);
  return {
    id,
    seed,
    code: code && `${code.commit}${code.dirty ? '+' : ''}`,
    engine: String(engine.library ?? engine.backend),
    epoch,
    curve: valCurve(journal),
    attention: attentionAt(epoch, journal),
    cost: costOf(parametersOf(folder, report), journal, trained),
  };
}

function scoredEpoch(folder: string, { content: { epoch } }: RunReport): number {
  if (typeof epoch === 'number') return epoch;
  throw new ComparisonError(`${join(folder, 'report.json')} has no epoch. The file was damaged: train the run again`);
}

/** Reports from before digests lack them. */
const parametersOf = (folder: string, { content: { parameters } }: RunReport): number | null =>
  typeof parameters === 'number' ? parameters : (countNumbers(runFiles.best(folder)) ?? null);

type Journal = readonly MetricsRecord[];

function valCurve(journal: Journal): RunRow['curve'] {
  const scored = journal.filter(({ values }) => Number.isFinite(values['val/accuracy/All']));
  return scored.map(({ epoch, values }) => ({ epoch, accuracy: values['val/accuracy/All'] }));
}

/** Networks without both modalities log zeros. */
function attentionAt(epoch: number, journal: Journal): RunRow['attention'] {
  const values = journal.find((entry) => entry.epoch === epoch && 'train/visualEntropy' in entry.values)?.values;
  const [visual, audio] = [values?.['train/visualEntropy'] ?? 0, values?.['train/audioEntropy'] ?? 0];
  return visual > 0 && audio > 0 ? { visual, audio } : null;
}
