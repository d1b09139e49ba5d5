import { Pace, type Figures } from '@tass/progress';
import type { SweepCell } from './cell-run';
import { duration } from './plain-text';
import type { Reached, ReachedBy } from './reached';

/** A running cell and its progress. */
export class RunningCell {
  readonly since: number; // milliseconds, by `now`
  private reached: Reached | undefined;
  private pace: Pace | undefined;

  constructor(
    readonly cell: SweepCell,
    readonly where: string,
    private readonly reachedBy: ReachedBy,
    private readonly now: () => number,
  ) {
    this.since = now();
    this.reached = reachedBy(cell.folder); // reached by an earlier attempt
    if (this.reached) this.pace = this.paceOf(this.reached, this.reached.done);
  }

  /** Updates the progress. */
  look(): void {
    this.reached = this.reachedBy(this.cell.folder) ?? this.reached;
    if (this.reached) (this.pace ??= this.paceOf(this.reached, 0)).update(this.reached.done);
  }

  get milliseconds(): number {
    return this.now() - this.since;
  }

  get millisecondsLeft(): number | undefined {
    const seconds = this.pace?.secondsLeft;
    return seconds === undefined ? undefined : seconds * 1000;
  }

  /** The line that `draw` shows: its figures, if it has a run. */
  line(draw: (work: { readonly label: string; readonly unit: string }, figures: Figures, note: string) => string): string {
    const { name } = this.cell;
    if (!this.pace || !this.reached) return `${name}: ${duration(this.milliseconds)}, ${this.where}`;
    return draw({ label: name, unit: this.reached.unit }, this.pace, this.reached.note);
  }

  private paceOf({ total }: Reached, done: number): Pace {
    return new Pace(total, { done, now: this.now, started: this.since });
  }
}
