const LEAST_SECONDS = 10;
const MOST_SECONDS = 300;

/** When a pipe gets its next line: every ten seconds at first, less often the longer the work takes, in the end every five minutes. */
export class Rhythm {
  private last: number;

  constructor(
    private readonly started: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.last = started;
  }

  /** True if a line is due; then false until the next one is. */
  isDue(): boolean {
    const now = this.now();
    const pause = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, (now - this.started) / 20_000));
    if (now - this.last < pause * 1000) return false;
    this.last = now;
    return true;
  }
}
