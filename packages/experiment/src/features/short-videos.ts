import type { FeatureStore } from '@tass/feature-store';
import { counted } from '@tass/program';
import { neededFields, type WantedFeatures } from './wanted-features';

/** A feature of a video that ends before its last segment begins, so that its last second is repeated. */
interface ShortVideo {
  readonly field: string;
  readonly key: string;
  readonly seconds: number; // that it lasts
  readonly reason: string;
}

export function shortVideosIn(store: FeatureStore, wanted: WantedFeatures): ShortVideo[] {
  const reason = (seconds: number): string => `it lasts ${shown(seconds)} of ${secondsCovered(wanted)} s, and its last second is repeated`;
  return neededFields(wanted).flatMap(([field, keys]) =>
    store.shortVideos(field, keys).map(({ key, seconds }) => ({ field, key, seconds, reason: reason(seconds) })),
  );
}

/** A line about all short videos of an experiment that accepts them; none if there are none. */
export function countShortVideos(store: FeatureStore, wanted: WantedFeatures): string[] {
  if (wanted.config.shortVideos === 'refuse') return []; // one fault for each
  const short = shortVideosIn(store, wanted);
  if (short.length === 0) return [];
  const count = new Set(short.map(({ key }) => key)).size;
  const shortest = short.reduce((least, each) => (each.seconds < least.seconds ? each : least));
  return [
    `${count} of ${counted(wanted.videos.length, 'video')} ${count === 1 ? 'ends before its' : 'end before their'} last segment begins; ` +
      `${count === 1 ? 'its' : 'their'} last second is repeated. ` +
      `The shortest is ${shortest.key}: ${shown(shortest.seconds)} of ${secondsCovered(wanted)} s. features.shortVideos=refuse refuses them`,
  ];
}

const secondsCovered = ({ config: { segments, segmentSeconds } }: WantedFeatures): number => segments * segmentSeconds;

const shown = (seconds: number): number => Number(seconds.toFixed(1));
