import type { Run } from './join-clock';

/** Seconds by which decoded times may lie outside of those of the packets. */
const slack = 1;
const backwards = 0.5;

/** Maps the times of what a decoder gives of one stream, one after the other, onto our clock. */
export class StreamClock {
  private index = 0;
  private last = -Infinity; // on the file's clock
  private lastTime = 0;

  constructor(private readonly runs: readonly Run[]) {}

  /** Our time of a frame at `time` of the file's clock, and the number of the run it lies in. */
  at(time: number): { readonly time: number; readonly run: number } {
    const goesBack = time < this.last - backwards;
    if (goesBack || !this.holds(this.index, time)) {
      const later = this.runs.findIndex((_, index) => index > this.index && this.holds(index, time));
      if (later >= 0) this.index = later;
    }
    if (this.runs.length > 0 && !this.holds(this.index, time)) return { time: this.lastTime, run: this.index }; // no packet has it: a wrong time
    this.last = time;
    this.lastTime = time + (this.runs[this.index]?.shift ?? 0);
    return { time: this.lastTime, run: this.index };
  }

  private holds(index: number, time: number): boolean {
    const run = this.runs[index];
    return run !== undefined && time > run.from - slack && time < run.to + slack;
  }
}
