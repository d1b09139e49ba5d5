import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '@tass/program';
import { readMark } from './commit-mark';
import { readJournal, type MetricsRecord, type ReadJournal } from './journal';
import { readReport } from './report-file';
import { RunError } from './run-error';

/**
 * The final lines of a run, which a resumed run never rewrites: all lines of a finished run, else the committed ones. Works while the run
 * is being written, because report and mark are read before the lines. Throws RunError if lines are damaged or lost.
 */
export function readFinalJournal(folder: string): ReadJournal {
  const file = join(folder, 'metrics.jsonl');
  if (existsSync(join(folder, 'report.json'))) return readFinishedJournal(folder);
  const journal = readJournal(file, readMark(file));
  const committed = readMark(file); // read again: a resumed run may have cut its journal meanwhile
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
  new RunError(`${file} has ${counted(records.length, 'whole line')}, expected ${expected}. The file was damaged: train a new run`);
