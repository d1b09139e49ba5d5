import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractMedia } from '../extract/extract-media';
import { generator, makeScenes, randomScenes, scenesWith } from '../fixtures/scenes';
import { needsFfmpeg, whenFfmpeg } from '../fixtures/videos';
import { chooseSeconds } from './choose-seconds';

whenFfmpeg(`of made videos with eight scenes in a minute${needsFfmpeg}`, () => {
  it('content shows more of the 24 than every', async () => {
    const root = mkdtempSync(join(tmpdir(), 'coverage-'));
    mkdirSync(join(root, 'videos'));
    const shown = { every: 0, content: 0 };
    for (const seed of [1, 2, 3]) {
      const random = generator(seed);
      const scenes = randomScenes(random, 60, 8);
      makeScenes(join(root, 'videos', `${seed}.mp4`), scenes, random);
      expect((await extractMedia({ datasetRoot: root, videos: [`${seed}`] })).faults).toEqual([]);
      for (const sampling of ['every', 'content'] as const) {
        const seconds = await chooseSeconds({ datasetRoot: root, videoId: `${seed}`, sampling, segments: 10, segmentSeconds: 6 });
        expect(seconds).toHaveLength(10);
        shown[sampling] += scenesWith(scenes, seconds);
      }
    }
    rmSync(root, { recursive: true });
    expect(shown.content).toBeGreaterThan(22);
    expect(shown.every).toBeLessThan(21);
  });
});
