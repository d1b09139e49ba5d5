import type { OpenVideo } from '@tass/experiment';
import type { OpenedRun } from '@tass/explanation';
import { noticesOf } from './notices';

const runOf = (needed: object) =>
  ({
    experiment: { dataset: { kind: 'music-avqa' }, features: { segmentSeconds: 6 } },
    record: { isChecked: true },
    data: { needed },
  }) as unknown as OpenedRun;
const run = runOf({ video: true, audio: true });
const opened = (ends: Readonly<Record<string, number>>) =>
  ({
    media: { videoId: 'a', seconds: 60, lasts: 60, notices: [] },
    sampling: { choice: 'every', segments: 10, segmentSeconds: 6 },
    source: {
      needed: { video: true, audio: true },
      features: { shortVideos: (field: string, [key]: string[]) => (field in ends ? [{ key, seconds: ends[field] }] : []) },
    },
  }) as unknown as OpenVideo;

it('names a video of the dataset that ends before its last segments', () => {
  expect(noticesOf({ id: 'a' }, opened({}), run)).toEqual([]);
  expect(noticesOf({ id: 'a' }, opened({ frame: 52, audio: 50.5 }), run)).toEqual([
    'It ends after 50.5 of 60 s: its last second is repeated for segments that begin later.',
  ]);
});

it('names what the run does not read', () =>
  expect(noticesOf({ id: 'a' }, opened({}), runOf({ video: true, audio: false }))).toEqual([
    expect.stringMatching(/^The run was trained without sound/),
  ]));
