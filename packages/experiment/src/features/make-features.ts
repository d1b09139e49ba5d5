import { prepareFeatures, stageUnits } from '@tass/encoders';
import { say, showStages } from '@tass/progress';
import type { WantedFeatures } from './wanted-features';

/** Encodes every video and question whose features are missing. The store records failures. */
export async function makeFeatures({ plan, videos, texts, config }: WantedFeatures, signal?: AbortSignal): Promise<void> {
  const show = showStages((stage) => ({ label: `features: ${stage}`, unit: stageUnits[stage] }));
  await prepareFeatures({
    ...plan,
    ...{ videos, texts, signal },
    workers: config.workers,
    onRemark: say,
    onProgress: ({ stage, done, total }) => show(stage, done, total),
  });
}
