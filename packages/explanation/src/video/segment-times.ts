import { Seconds } from '@tass/encoders';
import { datasetRoot, wantedFeatures, type Experiment } from '@tass/experiment';
import type { ProjectSettings } from '@tass/config';
import type { FeatureStore } from '@tass/feature-store';
import type { Segment } from '@tass/question-page';

export type SegmentTimes = Omit<Segment, 'frame'>;

/** The times of a video's segments for an experiment's features. Seconds chosen by content come from their store. Throws MediaError. */
export function segmentTimes(
  experiment: Experiment,
  settings: ProjectSettings,
  features: FeatureStore,
): (videoId: string) => Promise<SegmentTimes[]> {
  const { plan } = wantedFeatures(experiment, settings, datasetRoot(experiment.dataset, settings), [])!;
  const seconds = new Seconds(plan);
  return async (videoId) => timesAt(await seconds.of(videoId), features);
}

/** `seconds` represent the segments. The audible window of each comes from the sound's store, or is one second. */
export function timesAt(seconds: readonly number[], features: Pick<FeatureStore, 'folders'>): SegmentTimes[] {
  const ofSound = features.folders.find(({ fields }) => fields.includes('audio'))?.manifest.encoder.preprocessing;
  const windowSeconds = typeof ofSound?.windowSeconds === 'number' ? ofSound.windowSeconds : 1;
  const before = ofSound?.around ? (windowSeconds - 1) / 2 : 0; // around: the middle of the second is that of the window
  return seconds.map((atSeconds) => {
    const startSeconds = Math.max(0, atSeconds - before);
    return { atSeconds, startSeconds, endSeconds: startSeconds + windowSeconds };
  });
}
