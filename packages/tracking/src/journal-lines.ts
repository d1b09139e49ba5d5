import { createHash } from 'node:crypto';
import { RunError } from './run-error';

/**
 * Lines of a journal have check values, `"check":"0123456789abcdef"` as the last key. Each is a digest of its line, without this key, and
 * of the previous line's check value, so that a changed, missing or moved line fails its own check or the next one's. Older lines have no
 * check values, but later check values cover them.
 */
export interface CheckedLines {
  readonly bodies: readonly string[]; // lines without their check values
  readonly check: string; // of the last line
  readonly isChecked: boolean; // every line has one
}

export const atBeginning: CheckedLines = { bodies: [], check: '', isChecked: true };

const written = /,"check":"([0-9a-f]{16})"\}$/;

/** The line of a record that follows one with the check value `before`, and its own check value. */
export function checkedLine(body: string, before: string): { readonly line: string; readonly check: string } {
  const check = checkOf(body, before);
  return { line: `${body.slice(0, -1)},"check":"${check}"}`, check };
}

/** Verifies and removes the check values of lines. Throws RunError with file and line if one does not match. */
export function readLines(lines: readonly string[], file: string): CheckedLines {
  const bodies: string[] = [];
  let { check } = atBeginning;
  let checked = 0;
  for (const [index, line] of lines.entries()) {
    const found = written.exec(line);
    const body = found ? `${line.slice(0, found.index)}}` : line;
    check = checkOf(body, check);
    if (found ? found[1] !== check : checked > 0)
      throw new RunError(
        `${file}:${index + 1}: does not match its check value, or lines before it are lost. The file was damaged: train a new run`,
      );
    if (found) checked++;
    bodies.push(body);
  }
  return { bodies, check, isChecked: checked === bodies.length };
}

const checkOf = (body: string, before: string): string => createHash('sha256').update(before).update(body).digest('hex').slice(0, 16);
