const LEAST_SECONDS = 10;
const MOST_SECONDS = 300;

/** The times of lines in a pipe: every ten seconds at first, then less and less often, finally every five minutes. */
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
