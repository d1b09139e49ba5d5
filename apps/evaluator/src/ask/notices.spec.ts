import type { Experiment, OpenVideo } from '@tass/experiment';
import { noticesOf } from './notices';

const experiment = { dataset: { kind: 'music-avqa' }, features: { segmentSeconds: 6 } } as unknown as Experiment;
const opened = (ends: Readonly<Record<string, number>>) =>
  ({
    media: { videoId: 'a', seconds: 60, notices: [] },
    sampling: { choice: 'every', segments: 10, segmentSeconds: 6 },
    source: {
      needed: { video: true, audio: true },
      features: { shortVideos: (field: string, [key]: string[]) => (field in ends ? [{ key, seconds: ends[field] }] : []) },
    },
  }) as unknown as OpenVideo;

it('names a video of the dataset that ends before its last segments', () => {
  expect(noticesOf({ id: 'a' }, opened({}), experiment)).toEqual([]);
  expect(noticesOf({ id: 'a' }, opened({ frame: 52, audio: 50.5 }), experiment)).toEqual([
    'It ends after 50.5 of 60 s: its last second is repeated for segments that begin later.',
  ]);
});
