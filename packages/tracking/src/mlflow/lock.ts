import { lockFolder } from '@tass/files';
import { patiently, type Patience } from './patience';

const LEAST_SECONDS = 10; // cells of a sweep start together, and one creates their parent run

/** Waits for the lock on sending `folder`; returns the function that releases it. Throws LockError; DiskError. */
export function lockForSending(folder: string, patience: Patience): Promise<() => void> {
  return patiently(async () => lockFolder(folder, { file: 'mlflow.lock', what: 'the sending of' }), {
    ...patience,
    seconds: Math.max(patience.seconds, LEAST_SECONDS),
  });
}
