import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeVideos } from './fixtures/dataset';
import { prepareFeatures } from './prepare-features';

const root = mkdtempSync(join(tmpdir(), 'shard-encoder-'));
afterAll(() => rmSync(root, { recursive: true }));

it('writes a shard record by record, so that memory does not grow with it', async () => {
  const videos = Array.from({ length: 5 }, (_, i) => `video${i}`); // one shard
  await writeVideos(root, videos);
  const file = join(root, 'store/dynamo-23-patches-value-words-prompt-every-2x1/patch-00000.bin.tmp');
  const bytesOfImages: number[] = [];
  await prepareFeatures({
    ...{ datasetRoot: root, storeRoot: join(root, 'store'), videos, texts: [], workers: 0 },
    sampling: { choice: 'every', segments: 2, segmentSeconds: 1 },
    clip: { folder: join(__dirname, '../clip/fixtures/dynamo-23'), patches: 'value', words: 'prompt' },
    onProgress: ({ stage, done }) => stage === 'frames' && done > 0 && bytesOfImages.push(statSync(file).size / done),
  });
  expect(bytesOfImages).toEqual(videos.map(() => 2 * 9 * 6)); // float16 of [9, 6]
});
