export { describeAbsence, namesHolding } from './absent';
export { DiskError, onDisk, syncFolder, writeFileAtomically } from './disk';
export { foldersBelow, type LostFolder } from './folders-below';
export { isFolderLocked, LockError, lockFolder, type FolderLock } from './lock-folder';
export { identityOf, mayBeAlive, type ProcessIdentity } from './process-identity';
export { retry } from './retry';
export { waitForMaker } from './wait-for-maker';
export { answerParent, startWorker, type WorkerFailure, type WorkerProgram } from './worker-process';
