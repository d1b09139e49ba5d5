export { claimAttempt, CellTakenError, type Attempt } from './attempt';
export type { AttemptEnd, AttemptRecord, Claim } from './attempt-files';
export { cellAddress, cellFolder, defineCell, readCell, type Cell, type CellDefinition } from './cell';
export type { SweepCell } from './cell-run';
export { dryRunTable, statusTable, type CellRow } from './cell-table';
export { readCellStatus, type CellState, type CellStatus } from './cell-state';
export { launcherOf, splitLauncherWords } from './chosen-launcher';
export { refuseChangedCells } from './changed-cells';
export { expandGrid, type CellRequest, type ExpandedGrid } from './expand-grid';
export { readGrid, type Grid, type WrittenGrid } from './grid';
export type { Coordinates } from './grid-points';
export type { Job, JobOutcome, Launcher, LaunchEvents } from './launcher';
export { createLauncher, launcherSchema, threadsPerJob, type LauncherConfig, type LauncherPlace } from './launchers';
export { lastLines } from './log-tail';
export { showSweep } from './progress-display';
export { describeReached, type Reached } from './reached';
export { runSweep, type SweepResult, type SweepWork } from './run-sweep';
export { selectCells } from './select-cells';
export { SweepError } from './sweep-error';
export type { Failure, StopReason, SweepEvent } from './sweep-event';
export {
  createSweep,
  findSweep,
  listSweeps,
  lockSweep,
  newestUnfinished,
  type RecordedCell,
  type Sweep,
  type SweepRecord,
} from './sweep-folder';
