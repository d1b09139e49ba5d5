import { prepareFeatures, type FeatureFault } from '@tass/encoders';
import { showProgress, type Progress } from '../progress';
import type { WantedFeatures } from './wanted-features';

/** Makes the features that encoders make, of every video and question, where they are missing. Returns the videos that failed. */
export async function makeFeatures(
  { plan, videos, texts, config }: WantedFeatures,
  signal?: AbortSignal,
): Promise<readonly FeatureFault[]> {
  const started = performance.now();
  const stages = new Map<string, Progress>();
  const { faults } = await prepareFeatures({
    ...plan,
    ...{ videos, texts, signal },
    workers: config.workers,
    onProgress({ stage, done, total }) {
      const progress = stages.get(stage) ?? showProgress(`features: ${stage} encoded`, total, process.stderr, started);
      stages.set(stage, progress);
      progress.update(done);
      if (done === total) progress.finish();
    },
  });
  return faults;
}
