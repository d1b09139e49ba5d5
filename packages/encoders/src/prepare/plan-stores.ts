import { join } from 'node:path';
import { audioIdentity, audioSizes } from '../audio/audio-encoder';
import { clipIdentity, type ClipOptions, clipSizes } from '../clip/clip';
import type { DatasetIdentity, StoreDescription } from '@tass/feature-store';
import { datasetIdentity } from './dataset-identity';

/** Which features of which videos and texts, from what, to where. */
export interface FeaturePlan {
  readonly datasetRoot: string; // holds frames/ and audio/
  readonly storeRoot: string; // gets one folder for each encoder
  readonly clip?: ClipOptions & { readonly folder: string };
  readonly audio?: { readonly folder: string };
  readonly segments?: number; // of a video; default 10
  readonly segmentSeconds?: number; // from one segment's start to the next one's, whole; default 1. A video of 60 s in ten segments: 6
  readonly words?: number; // of a text at most; default 16 (MUSIC-AVQA's longest has 14)
}

export const defaultSegments = 10;
export const defaultSegmentSeconds = 1;
export const defaultWords = 16;

/** A folder of the store and what belongs into it. */
export interface PlannedStore {
  readonly encoder: 'clip' | 'audio';
  readonly folder: string;
  readonly expected: StoreDescription;
}

/**
 * The folders that a plan's features lie in, with what they must hold; hand them to `openFeatureStore`. Their names tell
 * encoder and read-outs. Reads the models' files, to know their digests, but runs none of them.
 * Throws when `segmentSeconds` is no whole number above 0: there is one frame a second.
 */
export function planStores(plan: FeaturePlan): PlannedStore[] {
  const {
    datasetRoot,
    storeRoot,
    clip,
    audio,
    segments = defaultSegments,
    segmentSeconds = defaultSegmentSeconds,
    words = defaultWords,
  } = plan;
  if (!Number.isInteger(segmentSeconds) || segmentSeconds < 1)
    throw new Error(`encoders: segmentSeconds is ${segmentSeconds}, expected a whole number of seconds above 0`);
  const dataset = datasetIdentity(datasetRoot);
  const segmentStarts = Array.from({ length: segments }, (_, segment) => segment * segmentSeconds);
  const stores: PlannedStore[] = [];
  if (clip) stores.push(clipStore(storeRoot, clip, dataset, segmentStarts, words));
  if (audio) stores.push(audioStore(storeRoot, audio.folder, dataset, segmentStarts));
  return stores;
}

function clipStore(
  storeRoot: string,
  clip: NonNullable<FeaturePlan['clip']>,
  dataset: DatasetIdentity,
  segmentStarts: readonly number[],
  words: number,
): PlannedStore {
  const { joint, regions } = clipSizes(clip.folder);
  const time = segmentStarts.length;
  const encoder = clipIdentity(clip.folder, clip);
  const fields = {
    frame: { key: 'video', axes: ['time', 'joint'], shape: [time, joint] },
    patch: { key: 'video', axes: ['time', 'regions', 'joint'], shape: [time, regions, joint] },
    sentence: { key: 'text', axes: ['joint'], shape: [joint] },
    words: { key: 'text', axes: ['words', 'joint'], shape: [words, joint] },
  } as const;
  const folder = join(storeRoot, `${encoder.name}-patches-${clip.patches}-words-${clip.words}`);
  return { encoder: 'clip', folder, expected: { encoder, dataset, segmentStarts, fields } };
}

function audioStore(storeRoot: string, model: string, dataset: DatasetIdentity, segmentStarts: readonly number[]): PlannedStore {
  const encoder = audioIdentity(model);
  const fields = {
    audio: { key: 'video', axes: ['time', 'audioDim'], shape: [segmentStarts.length, audioSizes(model).audioDim] },
  } as const;
  return { encoder: 'audio', folder: join(storeRoot, encoder.name), expected: { encoder, dataset, segmentStarts, fields } };
}
