import { join, relative, resolve } from 'node:path';
import { MediaError } from '../media-error';
import type { ExtractMediaOptions } from './extract-media';
import { findChange, type MediaKind, readOutputs, versionOf } from './find-change';
import { expectedVideo, findVideos, printable } from './find-videos';
import { askedFolders, type FolderOptions, outputFolders } from './output-folders';

/** A video whose frames or sound were extracted from another version of it, or with other settings. */
export interface ChangedVideo {
  readonly videoId: string;
  readonly kinds: readonly MediaKind[]; // what is not of the video as it is now
  readonly isThere: boolean; // the video, of which they can be made again
  readonly reason: string; // with the file, and what to do
}

/**
 * The videos whose frames and sound are not of one version, that of the video as it is now; made by `extractMedia` with the same options.
 * Reads the records of the extraction, and of a video only what decides. Videos that cannot be read are passed over. Throws the signal's reason.
 */
export async function findChangedVideos(
  options: FolderOptions & Pick<ExtractMediaOptions, 'videosFolder' | 'videos' | 'signal'>,
): Promise<ChangedVideo[]> {
  const { datasetRoot, videos } = options;
  const videosFolder = resolve(options.videosFolder ?? join(datasetRoot, 'videos'));
  const files = findVideos(videosFolder, videos ?? []);
  const folders = outputFolders(options);
  const changed: ChangedVideo[] = [];
  for (const videoId of new Set(videos ?? files.keys())) {
    options.signal?.throwIfAborted();
    const [file, ...others] = files.get(videoId) ?? [];
    if (others.length > 0) continue; // extraction reports them
    try {
      const outputs = readOutputs(videoId, folders);
      const source = file === undefined ? undefined : await versionOf(file, outputs);
      const change = findChange(source, outputs);
      const name = printable(relative(datasetRoot, file ?? expectedVideo(videosFolder, videoId)));
      if (change !== undefined)
        changed.push({ videoId, kinds: change.kinds, isThere: file !== undefined, reason: `${name} ${change.reason}` });
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
    }
  }
  return changed;
}

/** Whether the frames of a video, or its sound at a rate, were removed with `refresh` and could not be made of the video as it is now. */
export function isDiscarded(datasetRoot: string, videoId: string, sampleRate?: number): boolean {
  const [asked] = askedFolders({ datasetRoot, frames: sampleRate === undefined, sound: sampleRate !== undefined, sampleRate });
  return asked.folder.read(videoId).isDiscarded;
}
