/** The number of questions that this process trains on per second, including reading, since the stopwatch was made. */
export class Stopwatch {
  private readonly started: number;
  private questions = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.started = now();
  }

  count(questions: number): void {
    this.questions += questions;
  }

  /** Undefined if nothing was counted, for example if a run was stopped just after an epoch's last step. */
  perSecond(): number | undefined {
    return this.questions === 0 ? undefined : this.questions / ((this.now() - this.started) / 1000);
  }
}
