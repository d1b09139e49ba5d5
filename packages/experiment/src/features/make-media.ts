import { existsSync } from 'node:fs';
import { soundRate } from '@tass/encoders';
import { type ChangedVideo, extractMedia, type ExtractMediaOptions, findChangedVideos } from '@tass/media';
import { counted } from '@tass/program';
import { type Progress, say, showProgress } from '@tass/progress';
import type { Experiment } from '../schema';
import { type RealDataset, videosFolderOf } from './videos-folder';
import type { WantedFeatures } from './wanted-features';

/** How an experiment's inputs are made. */
export interface MakeHow {
  readonly refresh?: boolean; // make again what is not true to its video, or to its frames and sound, as these are now
  readonly signal?: AbortSignal;
}

/**
 * Which videos, in `dataset.videos` or in videos/ of the dataset's folder, must be extracted for an experiment's encoders, and what of
 * them. Undefined if there is no such folder (frames and wavs are then expected to exist), or if no encoder needs them.
 */
export function mediaOptions(
  { plan, videos, config, settings }: WantedFeatures,
  dataset: Experiment['dataset'],
): ExtractMediaOptions | undefined {
  if (dataset.kind === 'mini-avqa' || readsNoMedia(plan)) return undefined;
  const videosFolder = videosFolderOf(dataset, settings, plan.datasetRoot);
  if (dataset.videos === null && !existsSync(videosFolder)) return undefined;
  return {
    ...{ videosFolder, workers: config.workers, ...wantedMedia({ plan, videos, config }, dataset) },
    coverage: { segments: config.segments, segmentSeconds: config.segmentSeconds },
  };
}

const readsNoMedia = ({ clip, audio }: WantedFeatures['plan']): boolean => clip?.frames !== true && !audio;

/** What an experiment's encoders read of which videos. */
function wantedMedia({ plan, videos, config }: Pick<WantedFeatures, 'plan' | 'videos' | 'config'>, { frameSize }: RealDataset) {
  const both = config.sampling === 'content'; // it looks and listens
  return {
    ...{ datasetRoot: plan.datasetRoot, videos, sampleRate: soundRate(plan) },
    ...{ frames: plan.clip?.frames === true || both, sound: plan.audio !== undefined || both },
    ...(frameSize === null ? {} : { frameSize }),
  };
}

/** Extracts frames and sound from video files. Faults of single videos are recorded next to the dataset. Throws as `extractMedia`. */
export async function makeMedia(wanted: WantedFeatures, dataset: Experiment['dataset'], { signal, refresh }: MakeHow = {}): Promise<void> {
  const options = mediaOptions(wanted, dataset);
  if (!options) return;
  const started = performance.now();
  let progress: Progress | undefined;
  const remarks: string[] = [];
  const { extracted, kept, faults } = await extractMedia({
    ...options,
    ...{ signal, refresh },
    onRemark: (remark) => remarks.push(remark),
    onProgress({ done, kept, total }) {
      progress ??= showProgress({ label: 'media', unit: 'videos', total, started });
      progress.update(done, undefined, kept);
    },
  });
  progress?.finish(`${extracted.length} extracted, ${kept.length} kept, ${counted(faults.length, 'fault')}`);
  sayEach(faults.map(({ reason }) => reason), 'fault'); // prettier-ignore
  sayEach(remarks, 'such choice');
}

const shown = 20;

function sayEach(lines: readonly string[], thing: string): void {
  for (const line of lines.slice(0, shown)) say(`media: ${line}`);
  if (lines.length > shown) say(`media: ... and ${counted(lines.length - shown, 'more ' + thing)}`);
}

/** The videos of which frames or sound are not those of the video as it is now. */
export async function findChangedMedia(wanted: WantedFeatures, signal?: AbortSignal): Promise<ChangedVideo[]> {
  const { plan, settings, experiment } = wanted;
  const { dataset } = experiment;
  if (dataset.kind === 'mini-avqa' || readsNoMedia(plan)) return [];
  const videosFolder = videosFolderOf(dataset, settings, plan.datasetRoot);
  return findChangedVideos({ ...wantedMedia(wanted, dataset), videosFolder, signal });
}
