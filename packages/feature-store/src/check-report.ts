import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sealedJson, trySealedFile } from '@tass/files';
import { writeWholeFile } from './whole-file';

/** The findings of a full check of a store, recorded next to it for readers that do not check everything. */
export interface CheckReport {
  readonly digest: string; // of the checked store; the report applies to no other
  readonly problems: readonly string[];
}

const reportPath = (folder: string): string => join(folder, 'problems.json');

/** Records the findings; removes an older report if there are none. */
export function writeCheckReport(folder: string, report: CheckReport): void {
  if (report.problems.length === 0) rmSync(reportPath(folder), { force: true });
  else writeWholeFile(reportPath(folder), Buffer.from(sealedJson(report, 1)));
}

/** The problems found in the store with this digest; none if it was not checked or has changed since. */
export function readCheckReport(folder: string, digest: string): readonly string[] {
  const report = trySealedFile(reportPath(folder))?.content as Partial<CheckReport> | null | undefined;
  return report?.digest === digest && Array.isArray(report.problems) ? report.problems : [];
}
