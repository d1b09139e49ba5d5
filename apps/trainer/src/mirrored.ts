import { startMirror, type MlflowServer, type Run } from '@tass/tracking';
import { say } from '@tass/progress';
import type { TrainingEnd } from './training-run';

/** For the server to take the last of a run; then the process ends whatever is left, and `tracking:sync` sends that. */
const finishSeconds = 20;

/**
 * Runs `work`, which trains `run`, with the run mirrored to the project's MLflow server where it has one. Where `work` ends by an error
 * the run's folder says so.
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

/** The error counts, not a disk that does not take its record. */
function markFailed(run: Run, { message }: Error): void {
  try {
    run.markFailed(message);
  } catch {
    return;
  }
}
