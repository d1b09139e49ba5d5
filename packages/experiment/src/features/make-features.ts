import { prepareFeatures, stageUnits } from '@tass/encoders';
import { say, showStages } from '@tass/progress';
import type { MakeHow } from './make-media';
import type { WantedFeatures } from './wanted-features';

/** Encodes every video and question whose features are missing, or not of its frames and sound as they are now. The store records failures. */
export async function makeFeatures({ plan, videos, texts, config }: WantedFeatures, { refresh, signal }: MakeHow = {}): Promise<void> {
  const show = showStages((stage) => ({ label: `features: ${stage}`, unit: stageUnits[stage] }));
  await prepareFeatures({
    ...plan,
    ...{ videos, texts, refresh, signal },
    workers: config.workers,
    onRemark: say,
    onProgress: ({ stage, done, total }) => show(stage, done, total),
  });
}
