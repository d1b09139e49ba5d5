import { cut, duration, textTable } from './plain-text';
import type { SweepEvent } from './sweep-event';
import { SweepProgress } from './sweep-progress';
import type { SweepCell } from './cell-run';

/** What a display writes to; process.stdout is one. */
export type DisplayStream = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>>;

export interface ProgressDisplay {
  readonly onEvent: (event: SweepEvent) => void;
  /** A line of another origin, between those of the sweep. */
  readonly say: (line: string) => void;
  /** Leaves the last summary and stops. */
  readonly end: () => void;
}

/**
 * Shows a sweep: in a terminal the events, and below them the running cells and a summary, drawn again every second; in a pipe one line
 * for each event.
 */
export function showSweep(cells: readonly SweepCell[], stream: DisplayStream = process.stdout): ProgressDisplay {
  const progress = new SweepProgress(cells);
  if (stream.isTTY) return showInTerminal(progress, stream);
  const say = (line: string): void => void stream.write(`${line}\n`);
  return { onEvent: (event) => progress.tell(event).forEach(say), say, end: () => say(progress.summary()) };
}

function showInTerminal(progress: SweepProgress, stream: DisplayStream): ProgressDisplay {
  let drawn = 0; // lines of the last drawing, with the cursor below them
  const draw = (above: readonly string[], lines: readonly string[]): void => {
    const back = drawn > 0 ? `\x1b[${drawn}A\r\x1b[J` : ''; // up, and everything below is cleared
    stream.write(back + [...above, ...lines].map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const refresh = (above: readonly string[] = []): void => draw(above, present(progress, stream));
  const timer = setInterval(refresh, 1000);
  timer.unref();
  return {
    onEvent: (event) => refresh(event.kind === 'started' || event.kind === 'waiting' ? quietly(progress, event) : progress.tell(event)),
    say: (line) => refresh([line]),
    end() {
      clearInterval(timer);
      draw([], [progress.summary()]);
    },
  };
}

/** What the table shows anyway. */
function quietly(progress: SweepProgress, event: SweepEvent): readonly string[] {
  progress.tell(event);
  return [];
}

/** The running cells, as many as fit, and the summary. No line may wrap, or the next drawing would not cover it. */
function present(progress: SweepProgress, { columns = 80, rows = 24 }: DisplayStream): string[] {
  const room = Math.max(1, rows - 4);
  const { running } = progress;
  const table = running.slice(0, room).map(({ name, milliseconds, where }) => ['running', duration(milliseconds), name, where]);
  const more = running.length > room ? [`  and ${running.length - room} more`] : [];
  const lines = table.length > 0 ? textTable(table[0], table.slice(1), columns - 3).split('\n').map((line) => `  ${line}`) : []; // prettier-ignore
  return [...lines, ...more, cut(progress.summary(), columns - 1)];
}
