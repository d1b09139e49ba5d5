import type { WantedFeatures } from './wanted-features';

/** The command that makes what an experiment reads. */
export function prepareCommand({ config, plan }: WantedFeatures): string {
  const { clip, audio, dtype, patches, words, sampling, segments, segmentSeconds, store } = config;
  const settings = {
    'dataset.root': plan.datasetRoot,
    ...(store === null ? {} : { 'features.store': store }),
    ...(plan.clip ? { 'features.clip': clip, 'features.dtype': dtype, 'features.patches': patches, 'features.words': words } : {}),
    ...(plan.audio ? { 'features.audio': audio } : {}),
    ...{ 'features.sampling': sampling, 'features.segments': segments, 'features.segmentSeconds': segmentSeconds },
  };
  const overrides = Object.entries(settings).map(([key, value]) => (/[^\w./:=-]/.test(String(value)) ? `"${key}='${value}'"` : `${key}=${value}`)); // prettier-ignore
  return `npx nx run encoders:prepare ${overrides.join(' ')}`;
}
