import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  fileErrorsAs,
  mostBytes,
  readOwnBytes,
  readSealedFile,
  sealedJson,
  writeFileAtomically,
  writeSharedFileAtomically,
} from '@tass/files';
import { shellWord } from '@tass/program';
import { RunError } from './run-error';

/** `report.json` of a finished run: its figures, and the files that belong to them. */
export interface RunReport {
  readonly content: Readonly<Record<string, unknown>>; // as written by the program that scored the run
  readonly journalLines: number | undefined; // undefined: written before digests
  readonly files: Readonly<Record<string, string>>; // sha256 by name below the run's folder
  readonly isChecked: boolean; // false: written before digests
}

const reportFile = (folder: string): string => join(folder, 'report.json');

/** Files that belong to a report. */
const belongs = /^(predictions-[\w.-]+\.jsonl|report\.md)$/;
const bestCheckpoint = join('checkpoints', 'best.safetensors');

/** Writes report.json, which marks a run as finished, with the digests of the files that belong to it. Throws DiskError. */
export function writeReportFile(folder: string, json: object, journalLines: number): void {
  const names = [...readdirSync(folder).filter((name) => belongs.test(name)), bestCheckpoint].filter((name) =>
    existsSync(join(folder, name)),
  );
  const files = Object.fromEntries(names.sort().map((name) => [name, sha256(readOwnBytes(join(folder, name), mostBytes.checkpoint))]));
  writeFileAtomically(reportFile(folder), sealedJson({ ...json, journalLines, files }));
}

/** Reads report.json. Throws RunError if it is missing or damaged. */
export function readReport(folder: string): RunReport {
  const file = reportFile(folder);
  const { content, isChecked } = fileErrorsAs(RunError, () => readSealedFile(file, 'The file was damaged: train the run again'));
  const { journalLines, files = {} } = (content ?? {}) as { journalLines?: number; files?: Record<string, string> };
  return { content: (content ?? {}) as Record<string, unknown>, journalLines, files, isChecked };
}

/**
 * Records in the report of a finished run that one of its files was rewritten, with the new `figures`, if any. An up-to-date report is not
 * changed. Does nothing for an unfinished run. Throws RunError for a damaged report; DiskError.
 */
export function updateReport(folder: string, name: string, figures: object = {}): void {
  if (!existsSync(reportFile(folder))) return;
  const { content, files } = readReport(folder);
  const digest = sha256(readOwnBytes(join(folder, name), mostBytes.predictions));
  if (files[name] === digest) return;
  writeSharedFileAtomically(reportFile(folder), sealedJson({ ...content, ...figures, files: { ...files, [name]: digest } }));
}

/** The sha256 of `bytes`, read from the file of that name. Throws RunError if the report of a finished run has another sha256 for it. */
export function refuseOtherBytes(folder: string, name: string, bytes: Uint8Array): string {
  const [is, known] = [sha256(bytes), existsSync(reportFile(folder)) ? readReport(folder).files[name] : undefined];
  if (known === undefined || known === is) return is;
  throw new RunError(`${join(folder, name)} has changed since the run's report was written (sha256). Restore the file, or score the run again: npx nx run evaluator:evaluate ${shellWord(`--run=${folder}`)}`); // prettier-ignore
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
