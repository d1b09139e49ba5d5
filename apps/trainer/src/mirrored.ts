import { startMirror, type MlflowServer, type Run } from '@tass/tracking';
import { say } from '@tass/progress';
import type { TrainingEnd } from './training-run';

/** The time for sending the end of a run; after it, the process ends, and `tracking:sync` sends the rest. */
const finishSeconds = 20;

/**
 * Runs `work`, which trains `run`, and mirrors the run to the project's MLflow server, if there is one. If `work` throws an error, the
 * run's folder records it.
 */
export async function mirrored(
  run: Run,
  server: MlflowServer | undefined,
  work: (committed: () => void) => Promise<TrainingEnd>,
): Promise<TrainingEnd> {
  const mirror = server && startMirror({ folder: run.folder, server, onTrouble: say });
  try {
    return await work(() => mirror?.changed());
  } catch (error) {
    markFailed(run, error as Error);
    throw error;
  } finally {
    const sent = await mirror?.finish(finishSeconds);
    if (sent && !sent.complete) say(sent.message);
  }
}

/** If the record cannot be written, the first error still counts. */
function markFailed(run: Run, { message }: Error): void {
  try {
    run.markFailed(message);
  } catch {
    return;
  }
}
