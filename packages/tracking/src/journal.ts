import { closeSync, existsSync, fsyncSync, openSync, statSync, ftruncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileErrorsAs, mostBytes, onDisk, readOwnBytes } from '@tass/files';
import { counted } from '@tass/program';
import { readMark, writeMark } from './commit-mark';
import { atBeginning, checkedLine, readLines, type CheckedLines } from './journal-lines';
import { RunError } from './run-error';

/** Figures at one moment of a run. */
export interface Metrics {
  readonly step: number; // optimizer steps taken so far
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>; // by name, as `val/accuracy/A-Count`; may be NaN or infinite
}

export interface MetricsRecord extends Metrics {
  readonly time: number; // milliseconds since 1970
}

/**
 * The metrics of a run: one JSON object a line, only appended. What `append` has written survives the death of process and machine. NaN and
 * infinities are the texts "NaN", "Infinity", "-Infinity". The run's lock ensures that there is one writer.
 *
 * A killed run resumes from its last checkpoint and rewrites the lines after it, with new times. MLflow keeps a point for each time, so
 * only lines that are never rewritten may be sent: those that `commit` has marked. `commit` is called after the checkpoint that covers
 * them. Wherever the process is killed, each point is sent once:
 * - while lines are appended, or before the checkpoint is whole: they are above the mark, nobody has sent them, `cutTo` drops them;
 * - between checkpoint and `commit`: they are above the mark, and `cutTo`, which is given the checkpoint's count, keeps and marks them;
 * - after `commit`: they may have been sent, and no checkpoint goes back behind them. What is sent twice has the same time: one point.
 */
export class Journal {
  private lines: number;
  private mark: number;
  private lastCheck: string | undefined; // of the last line; undefined: not read yet

  /** Opens or creates a journal; drops the incomplete line of a process that died while writing. Throws DiskError. */
  constructor(
    readonly file: string,
    private readonly now: () => number = Date.now,
  ) {
    const content = existsSync(file) ? contentOf(file) : Buffer.alloc(0);
    this.lines = lineEnds(content).length;
    this.change((descriptor) => ftruncateSync(descriptor, lineEnds(content).at(-1) ?? 0));
    if (this.lines === 0) this.lastCheck = atBeginning.check;
    this.mark = readMark(file);
    if (this.mark > this.lines) this.moveMark(this.lines); // otherwise new lines would count as committed
  }

  /** The first lines that are final. */
  get committed(): number {
    return this.mark;
  }

  /** The number of lines so far. A checkpoint stores it as the place from which to resume. */
  get length(): number {
    return this.lines;
  }

  /** Writes all records and waits until they are on disk, or writes none. Throws DiskError; RunError if earlier lines are damaged. */
  append(...records: readonly Metrics[]): void {
    let check = (this.lastCheck ??= linesOf(contentOf(this.file), this.file).check);
    const lines = records.map((record) => {
      const next = checkedLine(metricsLine({ ...record, time: this.now() }), check);
      check = next.check;
      return `${next.line}\n`;
    });
    this.change((descriptor) => {
      const before = statSync(this.file).size;
      try {
        writeFileSync(descriptor, lines.join(''));
      } catch (error) {
        truncateIfPossible(descriptor, before);
        throw error;
      }
    });
    this.lines += records.length;
    this.lastCheck = check;
  }

  /** Marks all lines as final. Call this once a checkpoint made after them is complete on disk. Throws DiskError. */
  commit(): void {
    this.moveMark(this.lines);
  }

  /**
   * Drops all lines after the first `length`, which the resumed checkpoint covers and which become final. Throws RunError if there are
   * fewer, or one of them is damaged; DiskError.
   */
  cutTo(length: number): void {
    const content = contentOf(this.file);
    const ends = lineEnds(content);
    if (length > ends.length)
      throw new RunError(
        `${this.file} has ${counted(ends.length, 'line')}, the checkpoint was made after ${length}. Lines are lost: start a new run`,
      );
    this.lastCheck = linesOf(content, this.file, length).check;
    if (this.mark > length) this.moveMark(length); // before the lines are cut, so that no reader takes new ones for committed
    this.change((descriptor) => ftruncateSync(descriptor, length === 0 ? 0 : ends[length - 1]));
    this.lines = length;
    this.commit();
  }

  private moveMark(to: number): void {
    if (to !== this.mark) writeMark(this.file, to);
    this.mark = to;
  }

  private change(work: (descriptor: number) => void): void {
    const folder = dirname(this.file);
    onDisk(`cannot write ${this.file}`, folder, () => {
      const descriptor = openSync(this.file, 'a');
      try {
        work(descriptor);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }
}

/** The content of a journal's lines. */
export interface ReadJournal {
  readonly records: MetricsRecord[];
  readonly text: string; // their lines as written
  readonly isChecked: boolean; // false: some were written before lines had check values
}

/**
 * The records of a journal, or the first `length` of them, even while it is being written. Throws RunError with file and line if a line is
 * not a record or does not match its check value.
 */
export function readJournal(file: string, length = Infinity): ReadJournal {
  const content = contentOf(file);
  const ends = lineEnds(content).slice(0, length);
  const { bodies, isChecked } = linesOf(content, file, length);
  const records = bodies.map((body, index) => fromLine(body, `${file}:${index + 1}`));
  return { records, text: content.toString('utf8', 0, ends.at(-1) ?? 0), isChecked };
}

const contentOf = (file: string): Buffer =>
  fileErrorsAs(RunError, () => readOwnBytes(file, mostBytes.journal, 'The file was damaged: train a new run'));

/** The first `length` lines, without an incomplete one. */
function linesOf(content: Buffer, file: string, length = Infinity): CheckedLines {
  const end = lineEnds(content).slice(0, length).at(-1);
  return end === undefined ? atBeginning : readLines(content.toString('utf8', 0, end - 1).split('\n'), file);
}

/** The line of a record, without its check value and line ending. */
export function metricsLine({ step, epoch, time, values }: MetricsRecord): string {
  const written = Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]);
  return JSON.stringify({ step, epoch, time, values: Object.fromEntries(written) });
}

function fromLine(line: string, place: string): MetricsRecord {
  try {
    const { step, epoch, time, values } = JSON.parse(line) as MetricsRecord;
    if (!Number.isInteger(step) || !Number.isInteger(epoch)) throw new Error('no step or epoch');
    const numbers = Object.entries(values).map(([name, value]) => [name, Number(value)]);
    return { step, epoch, time, values: Object.fromEntries(numbers) };
  } catch {
    throw new RunError(`${place}: not a metrics record. The file was damaged: remove the line, or train again`);
  }
}

/** The byte after each line's end. */
function lineEnds(content: Buffer): number[] {
  const ends: number[] = [];
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, end + 1)) ends.push(end + 1);
  return ends;
}

/** The error of the write counts, even if removing its beginning fails too; opening the journal again drops the rest. */
function truncateIfPossible(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {
    return;
  }
}
