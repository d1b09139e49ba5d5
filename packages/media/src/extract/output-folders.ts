import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { soundFolder } from '../frames';
import type { ExtractMediaOptions } from './extract-media';
import type { KindFolder } from './find-change';
import { OutputFolder } from './output-folder';

export type FolderOptions = Pick<ExtractMediaOptions, 'datasetRoot' | 'frames' | 'sound' | 'sampleRate' | 'frameSize'>;

const framesNames = (videoId: string): string => videoId;
const soundNames = (videoId: string): string => `${videoId}.wav`;

/** The folders that are asked for, then the others of the dataset in which something was extracted before. */
export function outputFolders(options: FolderOptions): KindFolder[] {
  const root = resolve(options.datasetRoot);
  const asked = askedFolders(options);
  const isAsked = (path: string): boolean => asked.some(({ folder }) => folder.path === path);
  const others = extractedIn(root).filter((path) => !isAsked(path));
  return [...asked, ...others.map((path) => ({ ...(path.endsWith('frames') ? framesFolder : soundsFolder)(path), isOther: true }))];
}

/** Those that are asked for alone. */
export function askedFolders({ datasetRoot, frames = true, sound = true, sampleRate = 16000, frameSize }: FolderOptions): KindFolder[] {
  const root = resolve(datasetRoot);
  return [
    ...(frames ? [framesFolder(join(root, 'frames'), { frameSize: frameSize ?? 'as in the video' })] : []),
    ...(sound ? [soundsFolder(soundFolder(root, sampleRate), { sampleRate })] : []),
  ];
}

type Settings = Readonly<Record<string, number | string>>;

const framesFolder = (path: string, settings?: Settings): KindFolder => ({
  ...{ kind: 'frames', isOther: false },
  folder: new OutputFolder(path, framesNames, settings),
});

const soundsFolder = (path: string, settings?: Settings): KindFolder => ({
  ...{ kind: 'sound', isOther: false },
  folder: new OutputFolder(path, soundNames, settings),
});

function extractedIn(root: string): string[] {
  const names = existsSync(root) ? readdirSync(root) : [];
  const folders = names.filter((name) => /^(?:frames|audio(?:-\d+)?)$/.test(name)).map((name) => join(root, name));
  return folders.filter((folder) => existsSync(join(folder, '.sources')));
}
