import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { pathFrom } from '@tass/program';
import type { Experiment } from '../schema';

export type RealDataset = Exclude<Experiment['dataset'], { kind: 'mini-avqa' }>;

/** The folder of a dataset's video files: `dataset.videos`, or videos/ in its folder. */
export const videosFolderOf = ({ videos }: RealDataset, settings: ProjectSettings, datasetRoot: string): string =>
  videos === null ? join(datasetRoot, 'videos') : pathFrom(settings.root, videos, 'dataset.videos');
