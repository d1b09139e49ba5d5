/** How fast questions are trained on by this process, reading and all, from its making on. */
export class Stopwatch {
  private readonly started: number;
  private questions = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.started = now();
  }

  count(questions: number): void {
    this.questions += questions;
  }

  /** Undefined where nothing was counted, as when a run was stopped just after an epoch's last step. */
  perSecond(): number | undefined {
    return this.questions === 0 ? undefined : this.questions / ((this.now() - this.started) / 1000);
  }
}
