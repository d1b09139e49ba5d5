export { findRun, latestResumable, listRuns } from './find-run';
export { Journal, readJournal, type Metrics, type MetricsRecord } from './journal';
export {
  codeRevision,
  packageLockDigest,
  thisMachine,
  type CodeRevision,
  type Machine,
  type RunManifest,
  type SweepOfRun,
} from './manifest';
export { createRun, openRun, readRun, type IdSource, type NewRun, type Run, type RunRecord } from './run';
export { RunError } from './run-error';
export { isLocked } from './run-lock';
