import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRow } from '@tass/leaderboard';
import { readJournal } from '@tass/tracking';
import { ComparisonError } from './comparison-error';
import type { Entry } from './entries';

/** What a leaderboard says of a run besides its figures. Throws ComparisonError where its report or its journal is damaged. */
export function runRow({ record: { folder, manifest }, experiment: { seed } }: Entry): Omit<RunRow, 'figures'> {
  const { id, code, engine } = manifest;
  const epoch = scoredEpoch(join(folder, 'report.json'));
  const journal = readJournal(join(folder, 'metrics.jsonl'));
  return {
    id,
    seed,
    code: code && `${code.commit}${code.dirty ? '+' : ''}`,
    engine: String(engine.library ?? engine.backend),
    epoch,
    curve: valCurve(journal),
    attention: attentionAt(epoch, journal),
  };
}

function scoredEpoch(report: string): number {
  try {
    const content = JSON.parse(readFileSync(report, 'utf8')) as { epoch?: unknown } | null;
    if (typeof content?.epoch !== 'number') throw new Error('it has no epoch');
    return content.epoch;
  } catch (error) {
    throw new ComparisonError(`${report} cannot be read (${(error as Error).message}). The file was damaged: train the run again`);
  }
}

type Journal = ReturnType<typeof readJournal>;

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
