import type { FeatureStore } from '@tass/feature-store';
import { timesAt } from './segment-times';

const storeOf = (preprocessing: object): Pick<FeatureStore, 'folders'> =>
  ({ folders: [{ fields: ['frame'] }, { fields: ['audio'], manifest: { encoder: { preprocessing } } }] }) as unknown as FeatureStore;

it.each<[string, object, [number, number][]]>([
  ['a second, where the encoder has a window of its own', {}, [[0, 1], [6, 7]]],
  ['as long as the store says', { windowSeconds: 6 }, [[0, 6], [6, 12]]],
  ['the ten seconds around it, moved to begin within the sound', { windowSeconds: 10, around: true }, [[0, 10], [1.5, 11.5]]],
])('hears of a segment %s', (_, preprocessing, heard) => {
  const times = timesAt([0, 6], storeOf(preprocessing));
  expect(times.map(({ atSeconds }) => atSeconds)).toEqual([0, 6]);
  expect(times.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(heard);
}); // prettier-ignore

it('takes a second where no sound is read', () =>
  expect(timesAt([3], { folders: [] })).toEqual([{ atSeconds: 3, startSeconds: 3, endSeconds: 4 }]));
