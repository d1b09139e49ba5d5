const LEAST_SECONDS = 10;
const MOST_SECONDS = 300;

/** When a pipe gets its next line: every ten seconds at first, more seldom the longer the work takes, every five minutes at last. */
export class Rhythm {
  private last: number;

  constructor(
    private readonly started: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.last = started;
  }

  /** True where it is time, which it then is not again until the next. */
  isDue(): boolean {
    const now = this.now();
    const pause = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, (now - this.started) / 20_000));
    if (now - this.last < pause * 1000) return false;
    this.last = now;
    return true;
  }
}
