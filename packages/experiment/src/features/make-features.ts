import { prepareFeatures } from '@tass/encoders';
import { showStages } from '@tass/progress';
import type { WantedFeatures } from './wanted-features';

/** Makes the features that encoders make, of every video and question, where they are missing. What fails, its store tells. */
export async function makeFeatures({ plan, videos, texts, config }: WantedFeatures, signal?: AbortSignal): Promise<void> {
  const show = showStages((stage) => ({ label: `features: ${stage}`, unit: stage === 'texts' ? 'texts' : 'videos' }));
  await prepareFeatures({
    ...plan,
    ...{ videos, texts, signal },
    workers: config.workers,
    onProgress: ({ stage, done, total }) => show(stage, done, total),
  });
}
