import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileErrorsAs, mostBytes, readOwnText, writeFileAtomically } from '@tass/files';
import { RunError } from './run-error';

/** `metrics.committed`, next to `metrics.jsonl`: the number of its final lines, and a digest of that number. */
const markFile = (journal: string): string => journal.replace(/\.jsonl$/, '.committed');

/** 0 if nothing was committed. Throws RunError if the file has no count. */
export function readMark(journal: string): number {
  const file = markFile(journal);
  if (!existsSync(file)) return 0;
  const text = fileErrorsAs(RunError, () => readOwnText(file, mostBytes.small, 'The file was damaged: delete it')).trim();
  const [, lines, check] = /^(\d+)(?: ([0-9a-f]{16}))?$/.exec(text) ?? []; // older files have no digest
  if (lines === undefined || (check !== undefined && check !== checkOf(lines)))
    throw new RunError(`${file} holds no count of lines. The file was damaged: delete it`);
  return Number(lines);
}

/** Whole or not at all. Throws DiskError. */
export const writeMark = (journal: string, lines: number): void =>
  writeFileAtomically(markFile(journal), `${lines} ${checkOf(String(lines))}\n`);

const checkOf = (lines: string): string => createHash('sha256').update(lines).digest('hex').slice(0, 16);
