import { basename } from 'node:path';
import type { Question } from '@tass/dataset-music-avqa';
import { notChecked } from '@tass/files';
import type { OpenedRun } from './opened-run';

/** Sentences about the run that a reader of its answers must know. */
export const runNotices = ({ record, data: { needed } }: Pick<OpenedRun, 'record' | 'data'>): string[] => [
  ...(record.isChecked ? [] : [`The run is ${notChecked}.`]),
  ...(needed.audio ? [] : ['The run was trained without sound: attention over sound, audio map and muted sound are missing. The sound is here for the reader.']), // prettier-ignore
  ...(needed.video ? [] : ['The run was trained without pictures: attention over pictures, maps and blanked pictures are missing. The frames are here for the reader.']), // prettier-ignore
];

/** The same about the stores with a question's video: unchecked, missing or doubtful features, if the run accepts them. */
export function inputNotices(run: OpenedRun, { videoId }: Question): string[] {
  const { features, needed } = run.data;
  const unchecked = features!.folders.filter(({ isChecked }) => !isChecked).map(({ folder }) => `The features in ${basename(folder)} are ${notChecked}.`); // prettier-ignore
  const fields = [
    ...(needed.video ? ['frame', 'patch'] : []),
    ...(needed.audio ? ['audio'] : []),
    ...(needed.audioPatches ? ['audioPatch'] : []),
  ];
  const faults = fields.flatMap((field) => {
    const store = features!.folders.find((folder) => folder.fields.includes(field))!;
    const missing = store.missing(field, [videoId]).map(() => `The ${field} features of this video are missing and were read as zeros.`);
    const doubts = store.doubts(field, [videoId]).map(({ reason }) => `The ${field} features of this video are doubtful: ${reason}.`);
    const short = store.shortVideos(field, [videoId]).map(({ seconds }) => `The ${field} features end at ${seconds} s: the last second is repeated.`); // prettier-ignore
    return [...missing, ...doubts, ...short];
  });
  return [...runNotices(run), ...unchecked, ...faults];
}
