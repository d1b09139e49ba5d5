import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sealedJson, trySealedFile } from '@tass/files';
import { writeWholeFile } from './whole-file';

/** What a check that reads everything found in a store, kept beside it for those who have no time to read everything. */
export interface CheckReport {
  readonly digest: string; // of the store that was checked: the report says nothing of any other
  readonly problems: readonly string[];
}

const reportPath = (folder: string): string => join(folder, 'problems.json');

/** Keeps what was found; where nothing was, an older report goes. */
export function writeCheckReport(folder: string, report: CheckReport): void {
  if (report.problems.length === 0) rmSync(reportPath(folder), { force: true });
  else writeWholeFile(reportPath(folder), Buffer.from(sealedJson(report, 1)));
}

/** The problems that were found in the store of this digest; none where it was not checked, or has changed since. */
export function readCheckReport(folder: string, digest: string): readonly string[] {
  const report = trySealedFile(reportPath(folder))?.content as Partial<CheckReport> | null | undefined;
  return report?.digest === digest && Array.isArray(report.problems) ? report.problems : [];
}
