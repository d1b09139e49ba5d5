import { existsSync } from 'node:fs';
import { soundRate } from '@tass/encoders';
import { extractMedia, type ExtractMediaOptions } from '@tass/media';
import { type Progress, say, showProgress } from '@tass/progress';
import type { Experiment } from '../schema';
import { videosFolderOf } from './videos-folder';
import type { WantedFeatures } from './wanted-features';

/**
 * Which videos, in `dataset.videos` or in videos/ of the dataset's folder, must be extracted for an experiment's encoders, and what of
 * them. Undefined if there is no such folder (frames and wavs are then expected to exist), or if no encoder needs them.
 */
export function mediaOptions(
  { plan, videos, config, settings }: WantedFeatures,
  dataset: Experiment['dataset'],
): ExtractMediaOptions | undefined {
  if (dataset.kind === 'mini-avqa' || (plan.clip?.frames !== true && !plan.audio)) return undefined;
  const videosFolder = videosFolderOf(dataset, settings, plan.datasetRoot);
  if (dataset.videos === null && !existsSync(videosFolder)) return undefined;
  const both = config.sampling === 'content'; // it looks and listens
  return {
    ...{ datasetRoot: plan.datasetRoot, videosFolder, videos, workers: config.workers },
    ...{ frames: plan.clip?.frames === true || both, sound: plan.audio !== undefined || both },
    sampleRate: soundRate(plan),
    coverage: { segments: config.segments, segmentSeconds: config.segmentSeconds },
    ...(dataset.frameSize === null ? {} : { frameSize: dataset.frameSize }),
  };
}

/** Extracts frames and sound from video files. Faults of single videos are recorded next to the dataset. Throws as `extractMedia`. */
export async function makeMedia(
  wanted: WantedFeatures,
  dataset: Experiment['dataset'],
  { signal, refresh }: { readonly signal?: AbortSignal; readonly refresh?: boolean } = {},
): Promise<void> {
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
  progress?.finish(`${extracted.length} extracted, ${kept.length} kept, ${faults.length} faults`);
  for (const remark of remarks.slice(0, shownRemarks)) say(`media: ${remark}`);
  if (remarks.length > shownRemarks) say(`media: ... and ${remarks.length - shownRemarks} more such choices`);
}

const shownRemarks = 20;
