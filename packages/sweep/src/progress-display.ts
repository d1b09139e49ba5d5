import { barLine, cut, isLive, progressLine, type ProgressStream, Rhythm, screenOf } from '@tass/progress';
import type { SweepCell } from './cell-run';
import type { ReachedBy } from './reached';
import type { RunningCell } from './running-cell';
import type { SweepEvent } from './sweep-event';
import { SweepProgress } from './sweep-progress';

export interface ProgressDisplay {
  readonly onEvent: (event: SweepEvent) => void;
  /** Stops, and prints the last summary. */
  readonly end: () => string;
}

export interface DisplayOptions {
  readonly reachedBy?: ReachedBy;
  readonly stream?: ProgressStream;
}

const sweepWork = { label: 'sweep', unit: 'cells' };
const most = 20; // running cells that get a line in a pipe

/**
 * Shows a sweep: its events as lines and, in a terminal, bars for the sweep and its running cells below them. In a pipe, prints their
 * progress as lines from time to time.
 */
export function showSweep(cells: readonly SweepCell[], { reachedBy, stream = process.stderr }: DisplayOptions = {}): ProgressDisplay {
  const progress = new SweepProgress(cells, reachedBy);
  const view = isLive(stream) ? new LiveView(progress, stream) : new LineView(progress, stream);
  const timer = setInterval(() => view.refresh(), 1000);
  timer.unref();
  return {
    onEvent(event) {
      const lines = progress.tell(event);
      if (!(isLive(stream) && isShownAnyway(event))) lines.forEach((line) => screenOf(stream).say(line));
      view.change();
    },
    end() {
      clearInterval(timer);
      view.end();
      return progress.summary();
    },
  };
}

const isShownAnyway = ({ kind }: SweepEvent): boolean => kind === 'started' || kind === 'waiting';

class LiveView {
  private readonly removeSweep: () => void;
  private readonly removeCell = new Map<RunningCell, () => void>();

  constructor(
    private readonly progress: SweepProgress,
    private readonly stream: ProgressStream,
  ) {
    const more = (): string => (this.hidden > 0 ? `${progress.note}, ${this.hidden} not shown` : progress.note);
    this.removeSweep = screenOf(stream).add((width) => barLine(sweepWork, progress.figures, more(), width));
  }

  refresh(): void {
    for (const cell of this.removeCell.keys()) cell.look();
    this.change(); // the height of the terminal may have changed
  }

  /** As many running cells as fit, the earliest first. */
  change(): void {
    const shown = new Set(this.progress.running.slice(0, Math.max(1, (this.stream.rows || 24) - 4)));
    for (const [cell, remove] of this.removeCell) if (!shown.has(cell) && this.removeCell.delete(cell)) remove();
    for (const cell of shown) {
      if (this.removeCell.has(cell)) continue;
      const line = (width: number): string =>
        cut(`  ${cell.line((work, figures, note) => barLine(work, figures, note, width - 2))}`, width);
      this.removeCell.set(cell, screenOf(this.stream).add(line));
    }
  }

  end(): void {
    for (const remove of [...this.removeCell.values(), this.removeSweep]) remove();
  }

  private get hidden(): number {
    return this.progress.running.length - this.removeCell.size;
  }
}

class LineView {
  private readonly rhythm = new Rhythm(performance.now());

  constructor(
    private readonly progress: SweepProgress,
    private readonly stream: ProgressStream,
  ) {}

  refresh(): void {
    const { running } = this.progress;
    if (running.length === 0 || !this.rhythm.isDue()) return;
    const screen = screenOf(this.stream);
    for (const cell of running) cell.look();
    for (const cell of running.slice(0, most)) screen.say(`running    ${cell.line(progressLine)}`);
    if (running.length > most) screen.say(`           and ${running.length - most} more`);
    screen.say(progressLine(sweepWork, this.progress.figures, this.progress.note));
  }

  change(): void {}

  end(): void {}
}
