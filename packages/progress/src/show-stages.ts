import type { Work } from './progress-line';
import { type Progress, showProgress } from './show-progress';
import type { ProgressStream } from './screen';

/** Reports the progress of a stage of long work. */
export type StageProgress = (stage: string, done: number, total: number) => void;

/** Shows each stage from its first report, whose `done` comes from earlier work, until it is complete. */
export function showStages(workOf: (stage: string) => Work, stream?: ProgressStream): StageProgress {
  const shown = new Map<string, Progress>();
  return (stage, done, total) => {
    const progress = shown.get(stage) ?? showProgress({ ...workOf(stage), total, done }, stream);
    shown.set(stage, progress);
    progress.update(done);
    if (done < total) return;
    progress.finish();
    shown.delete(stage); // a file that is fetched again is a new stage
  };
}
