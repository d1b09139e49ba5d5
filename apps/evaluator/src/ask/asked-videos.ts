import { existsSync, statSync } from 'node:fs';
import type { AskedVideo, ExperimentData } from '@tass/experiment';
import { findVideos } from '@tass/media';
import { AskError } from './ask-error';

export const nameOf = (video: AskedVideo): string => ('file' in video ? video.file : video.id);

/** The videos that `--video` names: a file, a folder of video files, or the id of a video in the run's dataset. Throws AskError. */
export function askedVideos(given: string, { train, val, test }: Pick<ExperimentData, 'train' | 'val' | 'test'>): AskedVideo[] {
  if (existsSync(given)) {
    if (!statSync(given).isDirectory()) return [{ file: given }];
    const files = [...findVideos(given).values()].flat();
    if (files.length === 0)
      throw new AskError(`${given} contains no video file, such as .mp4, .mkv, .webm or .avi. Name a folder with some, or a file`);
    return files.map((file) => ({ file }));
  }
  if ([test, val, train].some((questions) => questions.some(({ videoId }) => videoId === given))) return [{ id: given }];
  throw new AskError(
    `--video=${given}: there is no such file or folder, and no video of that id in the run's dataset. Its first test video is ${test[0]?.videoId}`,
  );
}
