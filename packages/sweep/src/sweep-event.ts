import type { StopSignal } from '@tass/program';
import type { SweepCell } from './cell-run';

/** Events of a running sweep. */
export type SweepEvent =
  | { readonly kind: 'equal'; readonly cell: SweepCell; readonly to: SweepCell } // one computation for both
  | { readonly kind: 'launched'; readonly cell: SweepCell } // waits for its turn
  | { readonly kind: 'started'; readonly cell: SweepCell; readonly where: string }
  | { readonly kind: 'waiting'; readonly cell: SweepCell; readonly where: string } // another process works on it
  | { readonly kind: 'done'; readonly cell: SweepCell; readonly here: boolean } // here: by this sweep
  | { readonly kind: 'preempted'; readonly cell: SweepCell; readonly step: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly cell: SweepCell; readonly failure: Failure; readonly retriesLeft: number }
  | { readonly kind: 'stopping'; readonly reason: StopReason; readonly jobs: number }; // jobs: that run

/** A failed attempt. */
export interface Failure {
  readonly ended: string; // `exit code 1`, `killed by SIGKILL`
  readonly message: string | null; // the worker's message
  readonly log: string; // its file
  readonly lastLines: readonly string[];
}

export type StopReason = StopSignal | 'failure';
