import { prepareFeatures } from '@tass/encoders';
import { showProgress, type Progress } from '@tass/progress';
import type { WantedFeatures } from './wanted-features';

/** Makes the features that encoders make, of every video and question, where they are missing. What fails, its store tells. */
export async function makeFeatures({ plan, videos, texts, config }: WantedFeatures, signal?: AbortSignal): Promise<void> {
  const started = performance.now();
  const stages = new Map<string, Progress>();
  await prepareFeatures({
    ...plan,
    ...{ videos, texts, signal },
    workers: config.workers,
    onProgress({ stage, done, total }) {
      const unit = stage === 'texts' ? 'texts' : 'videos';
      const progress = stages.get(stage) ?? showProgress({ label: `features: ${stage}`, unit, total, started });
      stages.set(stage, progress);
      progress.update(done);
      if (done === total) progress.finish();
    },
  });
}
