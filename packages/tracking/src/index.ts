export { readFinalMetrics } from './final-metrics';
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
export { startMirror, type Mirror, type MirrorEnd, type MirrorOptions } from './mirror/mirror';
export { MlflowClient, type ClientOptions } from './mlflow/client';
export { MlflowError } from './mlflow/mlflow-error';
export { mlflowServer, type MlflowServer } from './mlflow/server';
export { pullRuns, type PulledRuns } from './mlflow/pull-runs';
export { syncRun, type SyncResult } from './mlflow/sync-run';
export { syncSweep } from './mlflow/sync-sweep';
export { createRun, openRun, readRun, type IdSource, type NewRun, type Run, type RunRecord } from './run';
export { RunError } from './run-error';
export { isLocked, releaseRunOf } from './run-lock';
