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
 * The available videos, if an experiment uses only these (`dataset.questions: present`): videos with a video file, frames, sound, or
 * features in a store that its network reads. An existing run keeps its list. Undefined if all questions are used. Throws if no video is
 * available.
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

/** Whether an experiment uses all questions but could use only those with available videos. */
export const couldAskPresent = ({ dataset }: Experiment): boolean => dataset.kind !== 'mini-avqa' && dataset.questions === 'all';

/** Records a run's available videos when it starts. Throws DiskError. */
export function writePresentVideos(run: string, videos: Iterable<string>): void {
  writeFileAtomically(runFiles.presentVideos(run), [...new Set(videos)].sort().map((video) => `${video}\n`).join('')); // prettier-ignore
}

function has(videos: Iterable<string>): IsHere {
  const here = new Set(videos);
  return (videoId) => here.has(videoId);
}

/** The names without extensions; names that are not ids of the dataset do no harm. */
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
