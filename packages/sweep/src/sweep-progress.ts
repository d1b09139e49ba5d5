import type { Figures } from '@tass/progress';
import type { SweepCell } from './cell-run';
import { duration, oneLine } from './plain-text';
import type { ReachedBy } from './reached';
import { RunningCell } from './running-cell';
import type { Failure, SweepEvent } from './sweep-event';

/** The progress of a sweep, from its events. */
export class SweepProgress {
  private readonly open: Set<string>; // addresses of the unfinished cells
  private readonly total: number;
  private readonly started: number;
  private readonly runningCells = new Map<string, RunningCell>(); // by address
  private readonly times: number[] = []; // milliseconds that each cell finished here took
  private failures = 0;
  private atOnce = 1; // the most cells that ran at once

  constructor(
    cells: readonly SweepCell[],
    private readonly reachedBy: ReachedBy = () => undefined,
    private readonly now: () => number = () => performance.now(), // a clock that is set must not change figures
  ) {
    this.open = new Set(cells.map(({ address }) => address)); // equal ones count once
    this.total = this.open.size;
    this.started = now();
  }

  get running(): readonly RunningCell[] {
    return [...this.runningCells.values()];
  }

  /** Processes an event and prints it: one line, more for a failure, none for a cell that only waits. */
  tell(event: SweepEvent): readonly string[] {
    switch (event.kind) {
      case 'launched':
        return [];
      case 'equal':
        return [`equal      ${event.cell.name} is the same as ${event.to.name} and runs with it`];
      case 'started':
        this.begin(event.cell, event.where);
        return [`started    ${event.cell.name} (${event.where})`];
      case 'waiting':
        this.begin(event.cell, event.where);
        return [`elsewhere  ${event.cell.name} is worked on by ${event.where}`];
      case 'done':
        return [this.done(event.cell, event.here)];
      case 'preempted':
        this.runningCells.delete(event.cell.address);
        return [`stopped    ${event.cell.name}${event.step === null ? '' : ` at step ${event.step}`}: ${oneLine(event.reason)}`];
      case 'failed':
        this.runningCells.delete(event.cell.address);
        if (event.retriesLeft <= 0 && this.open.delete(event.cell.address)) this.failures++;
        return failureLines(event.cell, event.failure, event.retriesLeft);
      case 'stopping':
        return [stoppingLine(event.reason, event.jobs)];
    }
  }

  /** `9 of 15 succeeded, 1 failed, 2 running, 3 waiting, about 12 min left`. */
  summary(): string {
    const left = this.millisecondsLeft();
    return [`${this.succeeded} of ${this.total} succeeded`, ...this.counts(), ...(left === undefined ? [] : [`about ${duration(left)} left`])].join(', '); // prettier-ignore
  }

  /** `1 failed, 2 running, 3 waiting`. */
  get note(): string {
    return this.counts().join(', ');
  }

  /** Of its cells. */
  get figures(): Figures {
    const seconds = (this.now() - this.started) / 1000;
    const left = this.millisecondsLeft();
    return {
      ...{ done: this.succeeded, total: this.total, secondsSpent: seconds },
      perSecond: this.times.length === 0 ? undefined : this.times.length / seconds,
      secondsLeft: left === undefined ? undefined : left / 1000,
    };
  }

  private get succeeded(): number {
    return this.total - this.open.size - this.failures;
  }

  private counts(): string[] {
    const running = this.runningCells.size;
    const counts = { failed: this.failures, running, waiting: this.open.size - running };
    return Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  }

  /**
   * Assumes that every cell takes as long as the finished ones, or as the running ones estimate, with as many at once as so far; at least
   * the time left of the slowest running cell. Undefined while neither is known.
   */
  private millisecondsLeft(): number | undefined {
    if (this.open.size === 0) return undefined;
    const whole = this.running.flatMap(({ milliseconds, millisecondsLeft }) => (millisecondsLeft === undefined ? [] : [milliseconds + millisecondsLeft])); // prettier-ignore
    const known = this.times.length > 0 ? this.times : whole;
    if (known.length === 0) return undefined;
    const each = known.reduce((sum, time) => sum + time, 0) / known.length;
    const underway = this.running.map((cell) => cell.millisecondsLeft ?? Math.max(0, each - cell.milliseconds));
    const work = underway.reduce((sum, left) => sum + left, (this.open.size - underway.length) * each);
    return Math.max(work / this.atOnce, ...underway);
  }

  private begin(cell: SweepCell, where: string): void {
    this.runningCells.set(cell.address, new RunningCell(cell, where, this.reachedBy, this.now));
    this.atOnce = Math.max(this.atOnce, this.runningCells.size);
  }

  private done({ address, name }: SweepCell, here: boolean): string {
    const since = here ? this.runningCells.get(address)?.since : undefined;
    this.runningCells.delete(address);
    this.open.delete(address);
    if (since === undefined) return `succeeded  ${name} before; not run again`;
    const time = this.now() - since;
    this.times.push(time);
    return `succeeded  ${name} in ${duration(time)}; ${this.summary()}`;
  }
}

function failureLines({ name }: SweepCell, { ended, message, lastLines, log }: Failure, retriesLeft: number): string[] {
  const reason = message === null || message === ended ? '' : `: ${oneLine(message)}`;
  const next =
    retriesLeft > 0 ? `begun again, ${retriesLeft === 1 ? 'for the last time' : `${retriesLeft} times at most`}` : 'not begun again';
  return [`failed     ${name} (${ended})${reason}; ${next}`, ...lastLines.map((line) => `           | ${line}`), `           log: ${log}`];
}

function stoppingLine(reason: string, jobs: number): string {
  const count = jobs === 1 ? '1 job is' : `${jobs} jobs are`;
  const why = reason === 'failure' ? 'a cell failed' : reason;
  return `stopping   ${why}: ${count} asked to save and end${reason === 'failure' ? '' : '; a second signal kills them'}`;
}
