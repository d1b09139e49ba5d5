import { lockFolder } from '@tass/files';
import { patiently, type Patience } from './patience';

const LEAST_SECONDS = 10; // cells of a sweep begin together, and one makes the parent of all

/** Waits until this process is the only one that sends what is in `folder`; returns what gives it back. Throws LockError; DiskError. */
export function lockForSending(folder: string, patience: Patience): Promise<() => void> {
  return patiently(async () => lockFolder(folder, { file: 'mlflow.lock', what: 'the sending of' }), {
    ...patience,
    seconds: Math.max(patience.seconds, LEAST_SECONDS),
  });
}
