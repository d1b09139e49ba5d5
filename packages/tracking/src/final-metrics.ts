import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readMark } from './commit-mark';
import { readJournal, type MetricsRecord, type ReadJournal } from './journal';
import { readReport } from './report-file';
import { RunError } from './run-error';

/**
 * The lines of a run that no resumed training writes again: all of a finished run, else the committed ones. Also of a run that is being
 * written: report and mark are read before the lines they speak of. Throws RunError on damage, and where lines are lost.
 */
export function readFinalJournal(folder: string): ReadJournal {
  const file = join(folder, 'metrics.jsonl');
  if (existsSync(join(folder, 'report.json'))) return readFinishedJournal(folder);
  const journal = readJournal(file, readMark(file));
  const committed = readMark(file); // again: a run that is resumed may have gone back meanwhile
  if (journal.records.length < committed) throw lost(file, committed, journal);
  return journal;
}

/** Of a finished run. */
function readFinishedJournal(folder: string): ReadJournal {
  const file = join(folder, 'metrics.jsonl');
  const { journalLines } = readReport(folder);
  const journal = readJournal(file);
  if (journalLines !== undefined && journal.records.length !== journalLines) throw lost(file, journalLines, journal);
  return journal;
}

/** The records of `readFinalJournal`. */
export const readFinalMetrics = (folder: string): MetricsRecord[] => readFinalJournal(folder).records;

const lost = (file: string, expected: number, { records }: ReadJournal): RunError =>
  new RunError(`${file} has ${records.length} whole lines, expected ${expected}. The file was damaged: train a new run`);
