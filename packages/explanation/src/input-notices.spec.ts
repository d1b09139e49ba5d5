import type { Question } from '@tass/dataset-music-avqa';
import { inputNotices, runNotices } from './input-notices';
import type { OpenedRun } from './opened-run';

const [both, none] = [
  { video: true, audio: true, text: false },
  { video: false, audio: false, text: true },
];
const store = (isChecked: boolean, missing: readonly string[] = []) => ({
  ...({ folder: '/data/features/tiny-clip', fields: ['frame', 'patch', 'audio'], isChecked } as const),
  ...{ missing: () => missing, doubts: () => [], shortVideos: () => [] },
});
const run = (isChecked: boolean, needed = both, folder = store(true)): OpenedRun =>
  ({ record: { isChecked }, data: { needed, features: { folders: [folder] } } }) as unknown as OpenedRun;
const question = { videoId: 'a' } as Question;

it('has nothing to say of a run that reads all and is checked', () => expect(inputNotices(run(true), question)).toEqual([]));

it('names what a run does not read, and what of the page is missing therefore', () =>
  expect(runNotices(run(true, none))).toEqual([
    'The run was trained without sound: attention over sound, audio map and muted sound are missing. The sound is here for the reader.',
    'The run was trained without pictures: attention over pictures, maps and blanked pictures are missing. The frames are here for the reader.',
  ]));

it('names runs and stores from before digests, and features that were read as zeros', () =>
  expect(inputNotices(run(false, both, store(false, ['a'])), question)).toEqual([
    'The run is not checked: written before digests.',
    'The features in tiny-clip are not checked: written before digests.',
    ...['frame', 'patch', 'audio'].map((field) => `The ${field} features of this video are missing and were read as zeros.`),
  ]));
