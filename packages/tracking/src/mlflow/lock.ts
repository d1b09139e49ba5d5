import { LockError, lockFolder } from '@tass/files';
import { MlflowError } from './mlflow-error';
import { patiently, type Patience } from './patience';

const LEAST_SECONDS = 10; // cells of a sweep begin together, and one makes the parent of all

/** Waits until this process is the only one that sends what is in `folder`; returns what gives it back. Throws MlflowError; DiskError. */
export function lockForSending(folder: string, patience: Patience): Promise<() => void> {
  return patiently(
    async () => {
      try {
        return lockFolder(folder, { file: 'mlflow.lock', what: 'tracking: the sending of' });
      } catch (error) {
        if (!(error instanceof LockError)) throw error;
        throw new MlflowError(error.message.replace(/^tracking: /, ''), { passing: /is in use by/.test(error.message) });
      }
    },
    { ...patience, seconds: Math.max(patience.seconds, LEAST_SECONDS) },
  );
}
