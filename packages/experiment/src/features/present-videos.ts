import { existsSync, readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { readShards } from '@tass/feature-store';
import { mostBytes, readText, writeFileAtomically } from '@tass/files';
import { neededFeatures } from '../networks';
import type { IsHere } from '../present-questions';
import { runFiles } from '../run-files';
import type { Experiment } from '../schema';
import { videosFolderOf } from './videos-folder';
import { wantedFeatures, storeParts } from './wanted-features';

/**
 * Which videos are here, where an experiment asks for no others (`dataset.questions: present`): those with a video file, frames, sound, or features in
 * a store that its network reads. A run that was begun is about the videos that were here then. Undefined where all questions are asked.
 * Throws where no video is here.
 */
export function presentVideos(experiment: Experiment, settings: ProjectSettings, datasetRoot: string, run?: string): IsHere | undefined {
  const { dataset } = experiment;
  if (dataset.kind === 'mini-avqa' || dataset.questions === 'all') return undefined;
  const listed = run === undefined ? undefined : runFiles.presentVideos(run);
  if (listed !== undefined && existsSync(listed)) return has(readText(listed, mostBytes.record).split('\n'));
  const videosFolder = videosFolderOf(dataset, settings, datasetRoot);
  const found = new Set([...mediaIn(datasetRoot, videosFolder), ...featuresOf(experiment, settings, datasetRoot)]);
  if (found.size > 0) return has(found);
  throw new Error(
    `dataset.questions is present, but no video is here: ${videosFolder}, ${datasetRoot}/frames and ${datasetRoot}/audio hold none, and no features ` +
      'are made. Put videos there, import features, or set dataset.questions=all',
  );
}

/** Whether an experiment asks all questions and could ask only those whose videos are here. */
export const couldAskPresent = ({ dataset }: Experiment): boolean => dataset.kind !== 'mini-avqa' && dataset.questions === 'all';

/** Keeps for a run which videos were here when it was begun. Throws DiskError. */
export function writePresentVideos(run: string, videos: Iterable<string>): void {
  writeFileAtomically(runFiles.presentVideos(run), [...new Set(videos)].sort().map((video) => `${video}\n`).join('')); // prettier-ignore
}

function has(videos: Iterable<string>): IsHere {
  const here = new Set(videos);
  return (videoId) => here.has(videoId);
}

/** The names without their extensions; what is not named after a video of the dataset does no harm. */
function mediaIn(datasetRoot: string, videosFolder: string): string[] {
  const sounds = namesIn(datasetRoot).filter((name) => /^audio(-\d+)?$/.test(name));
  const files = [videosFolder, ...sounds.map((name) => join(datasetRoot, name))].flatMap(namesIn).map((name) => parse(name).name);
  return [...files, ...namesIn(join(datasetRoot, 'frames'))];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function featuresOf(experiment: Experiment, settings: ProjectSettings, datasetRoot: string): string[] {
  const { video, audio } = neededFeatures(experiment);
  const wanted = video || audio ? wantedFeatures(experiment, settings, datasetRoot, []) : undefined;
  if (!wanted) return [];
  const folders = storeParts(wanted).map(({ folder }) => folder);
  const shards = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readShards(folder));
  return shards.filter(({ shard }) => shard.key === 'video').flatMap(({ shard }) => shard.keys);
}
