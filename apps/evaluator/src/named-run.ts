import { UsageError } from '@tass/program';

/** The value of `--run`. Throws UsageError without it. */
export function namedRun(run: string | undefined): string {
  if (run !== undefined) return run;
  throw new UsageError('no run is named. Write --run=RUN; the trainer prints the run folder, and runs/ contains all of them');
}

/**
 * Throws UsageError for settings that a run keeps. `verb` completes "a run ... as it was trained"; `also` names what else can be changed.
 */
export function refuseSettings(settings: readonly string[], verb: string, also = ''): void {
  if (settings.length === 0) return;
  throw new UsageError(`${settings.join(' ')} cannot be changed, a run ${verb} as it was trained; only engine.backend, engine.device, engine.threads and engine.compile can${also}`); // prettier-ignore
}
