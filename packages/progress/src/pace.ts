/** How far work has progressed, and how fast. */
export interface Figures {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number | undefined; // undefined: not known yet
  readonly secondsSpent: number;
  readonly secondsLeft: number | undefined;
}

const HALF_LIFE_SECONDS = 20; // work of this age counts half in the rate,
const HALF_LIFE_PIECES = 5; // unless fewer pieces than this have been done since: a single piece that takes minutes must not decide the rate
const LEAST_SECONDS = 2; // before that, a model may be loading or a step compiling, so the rate means nothing

export interface PaceOptions {
  readonly done?: number; // done before this work started, by an earlier process
  readonly now?: () => number; // milliseconds
  readonly started?: number; // when the work began, by `now`
}

/** Progress figures with a smoothed rate: recent work counts more, a single slow or fast piece little. */
export class Pace implements Figures {
  readonly started: number;
  private before: number;
  private readonly now: () => number;
  private lastNews: number;
  private reached: number;
  private recentDone = 0; // exponentially weighted sums: values one half-life old count half
  private recentSeconds = 0;

  constructor(
    readonly total: number,
    { done = 0, now = () => performance.now(), started = now() }: PaceOptions = {},
  ) {
    this.now = now;
    this.started = started;
    this.before = done;
    this.reached = done;
    this.lastNews = started;
  }

  get done(): number {
    return this.reached;
  }

  /** `before`: how many of them an earlier process did, as far as is known; they do not count in the rate. */
  update(done: number, before = this.before): void {
    const made = done - before - (this.reached - this.before); // below 0: a file is fetched again
    this.reached = done;
    this.before = before;
    if (made === 0) return;
    const now = this.now();
    const seconds = (now - this.lastNews) / 1000;
    if (made > 0) {
      const kept = 0.5 ** Math.min(seconds / HALF_LIFE_SECONDS, made / HALF_LIFE_PIECES);
      this.recentDone = this.recentDone * kept + made;
      this.recentSeconds = this.recentSeconds * kept + seconds;
    }
    this.lastNews = now;
  }

  get secondsSpent(): number {
    return (this.now() - this.started) / 1000;
  }

  get perSecond(): number | undefined {
    const isKnown = this.recentDone > 0 && this.recentSeconds > 0 && this.secondsSpent >= LEAST_SECONDS;
    return isKnown ? this.recentDone / this.recentSeconds : undefined;
  }

  /** Decreases between two pieces, by at most the time of one. */
  get secondsLeft(): number | undefined {
    const rate = this.perSecond;
    if (rate === undefined) return undefined;
    const begun = Math.min(1, ((this.now() - this.lastNews) / 1000) * rate);
    return Math.max(0, this.total - this.reached - begun) / rate;
  }

  /** Over all of the work, up to the last finished piece. */
  get meanPerSecond(): number | undefined {
    const seconds = (this.lastNews - this.started) / 1000;
    return seconds > 0 && this.reached > this.before ? (this.reached - this.before) / seconds : undefined;
  }
}
