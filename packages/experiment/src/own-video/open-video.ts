import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { type Encoders, type FeaturePlan, prepareFeatures, Seconds, soundRate } from '@tass/encoders';
import { openFeatureStore, type Sampling } from '@tass/feature-store';
import { MediaError, readWav, secondsOfFrames, soundFile } from '@tass/media';
import { datasetRoot, type ExperimentData } from '../data';
import { featurePlan, type FeaturesConfig } from '../features/wanted-features';
import type { BatchSource } from '../load-batch';
import type { Experiment } from '../schema';
import { extractOwnVideo, type OwnMedia } from './own-media';

/** A video file, or the id of a video of the run's dataset with frames and sound. */
export type AskedVideo = { readonly file: string } | { readonly id: string };

/** The inputs of a run from one video and any questions. */
export interface OpenVideo {
  readonly source: BatchSource;
  readonly media: OwnMedia | undefined; // undefined: the network reads no part of a video
  readonly sampling: Sampling | undefined; // likewise
  readonly sampleRate: number; // of the sound, in Hz
  readonly seconds: readonly number[]; // that its segments represent
  close(): void;
}

export interface OpenVideoOptions {
  readonly experiment: Experiment;
  readonly settings: ProjectSettings;
  readonly data: ExperimentData;
  readonly folder: string; // empty, for files made from the video
  readonly encoders?: Encoders; // of the run, kept between videos
  readonly signal?: AbortSignal;
}

/**
 * Encodes a video and questions with a run's own encoders. Returns the source of their batches: features, and the run's vocabulary and
 * standardisation of sentences. A file of any length is cut into as many segments as the run has. Throws MediaError for an unreadable file;
 * an error if the run reads imported features; the encoders' errors.
 */
export async function openVideo(video: AskedVideo, texts: readonly string[], options: OpenVideoOptions): Promise<OpenVideo> {
  const { experiment, settings, data, folder, encoders, signal } = options;
  const { needed, vocabulary, words, sentences } = data;
  const ofRun = { vocabulary, needed, words, sentences };
  const { features: config, dataset } = experiment;
  if (config === null || data.features === undefined)
    return {
      source: { ...ofRun, features: undefined },
      media: undefined,
      sampling: undefined,
      sampleRate: 16000,
      seconds: [],
      close: () => undefined,
    };
  refuseImported(config, needed);
  const ownRoot = join(folder, 'media');
  const root = 'file' in video ? ownRoot : datasetRoot(dataset, settings);
  const base = { ...featurePlan(config, settings, root, needed), storeRoot: join(folder, 'features'), words };
  const readsVideo = needed.video || needed.audio;
  const media = readsVideo ? await mediaOf(video, base, ownRoot, dataset, signal) : undefined;
  const sampling = media && 'file' in video ? ownSampling(config, media.seconds) : base.sampling;
  const videos = media ? [media.videoId] : [];
  const plan = { ...base, sampling };
  const stores = await encoded(video, { ...plan, videos, texts, workers: 1, encoders, signal });
  const features = openFeatureStore(stores.filter(({ encoder }) => encoder !== 'seconds'));
  const seconds = media ? await new Seconds(plan).of(media.videoId) : [];
  return {
    ...{ source: { ...ofRun, features }, media, sampling: media && sampling, sampleRate: soundRate(plan), seconds },
    close: () => features.close(),
  };
}

/** Names the file in a fault of the video. */
async function encoded(video: AskedVideo, options: Parameters<typeof prepareFeatures>[0]) {
  const name = 'file' in video ? video.file : video.id;
  try {
    const { stores, faults } = await prepareFeatures(options);
    if (faults.length > 0) throw new MediaError(faults.map(({ reason }) => reason).join('; '));
    return stores;
  } catch (error) {
    throw error instanceof MediaError ? new MediaError(`${name}: ${error.message}`, { cause: error }) : error;
  }
}

async function mediaOf(
  video: AskedVideo,
  plan: FeaturePlan,
  root: string,
  dataset: Experiment['dataset'],
  signal: AbortSignal | undefined,
): Promise<OwnMedia> {
  if ('id' in video) {
    const { segments, segmentSeconds } = plan.sampling!;
    const seconds = segments * segmentSeconds;
    return { root: plan.datasetRoot, videoId: video.id, seconds, lasts: await lengthOf(plan, video.id, seconds), notices: [] };
  }
  mkdirSync(root);
  const frameSize = dataset.kind === 'mini-avqa' ? null : dataset.frameSize;
  return extractOwnVideo(video.file, { root, sampleRate: soundRate(plan), frameSize, signal });
}

/** Of a video of the dataset, by its sound, or else by its frames: at most the seconds that are read. */
async function lengthOf(plan: FeaturePlan, videoId: string, seconds: number): Promise<number> {
  try {
    const { samples, sampleRate } = readWav(soundFile(plan.datasetRoot, videoId, soundRate(plan)));
    return Math.min(seconds, samples.length / sampleRate);
  } catch {
    return Math.min(seconds, (await secondsOfFrames(plan.datasetRoot, videoId)) || seconds);
  }
}

/**
 * Cuts a video of any length into the run's number of segments. Each begins at a different second, if the video has enough; with fewer,
 * there is nothing to choose by content.
 */
const ownSampling = ({ sampling, segments }: FeaturesConfig, seconds: number): Sampling => ({
  choice: seconds < segments ? 'every' : sampling,
  segments,
  segmentSeconds: seconds / segments,
});

function refuseImported(config: FeaturesConfig, needed: BatchSource['needed']): void {
  const imported = [
    ...(needed.video && config.importedVisual !== null ? [`frames (features.importedVisual=${config.importedVisual})`] : []),
    ...(needed.audio && config.importedAudio !== null ? [`sound (features.importedAudio=${config.importedAudio})`] : []),
  ];
  if (imported.length === 0) return;
  throw new Error(
    `the run reads imported features of ${imported.join(' and ')}, which no encoder here makes of a new video. ` +
      'Ask a run whose features this project makes, such as those of features=clip-vit-b32',
  );
}
