import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Frames, MediaError } from '@tass/media';
import { greatestDifference } from '@tass/testing';
import { ImageTower } from '../clip/image-tower';
import { FrameGroups } from './frame-groups';

const sizes: Readonly<Record<string, [count: number, height: number, width: number]>> = {
  a: [2, 24, 24],
  b: [2, 24, 24],
  c: [3, 30, 40],
  d: [1, 24, 24],
};
const framesOf = (video: string): Frames => {
  const [count, height, width] = sizes[video];
  return {
    count,
    height,
    width,
    pixels: Uint8Array.from({ length: count * height * width * 3 }, (_, i) => (i * (7 + video.charCodeAt(0))) % 256),
  };
};

it('encodes several videos in one pass, of any size, and fails for one whose frames cannot be read', async () => {
  const tower = await ImageTower.load(join(__dirname, '../clip/fixtures/dynamo-23'), { patches: 'value' });
  const read: string[] = [];
  const groups = new FrameGroups(Object.keys(sizes), 3, tower, async (video) => {
    read.push(video);
    if (video === 'b') throw new MediaError('b is broken');
    return { decoded: Promise.resolve(framesOf(video)), shortSeconds: video === 'c' ? 3 : undefined };
  });
  expect(read).toEqual(['a', 'b', 'c']);
  for (const [index, video] of Object.keys(sizes).entries()) {
    const encoded = groups.encode(index);
    if (video === 'b') {
      await expect(encoded).rejects.toThrow('b is broken');
      continue;
    }
    const { frame, patches, shortSeconds } = await encoded;
    const alone = await tower.encode(framesOf(video));
    expect(greatestDifference(frame, alone.frame)).toBeLessThan(1e-5);
    expect(greatestDifference(patches, alone.patches)).toBeLessThan(1e-5);
    expect([shortSeconds, read]).toEqual([video === 'c' ? 3 : undefined, ['a', 'b', 'c', 'd']]); // d is read while the first three are encoded
  }
  await tower.close();
});

it('begins to decode the next frames before the model runs, as it blocks the thread, and fails for one that cannot be decoded', async () => {
  const tower = await ImageTower.load(join(__dirname, '../clip/fixtures/dynamo-23'), { patches: 'value' });
  const events: string[] = [];
  const encodeAll = tower.encodeAll.bind(tower);
  jest.spyOn(tower, 'encodeAll').mockImplementation((videos) => {
    events.push(`encode ${videos.length}`);
    return encodeAll(videos);
  });
  const groups = new FrameGroups(['a', 'b', 'd'], 1, tower, async (video) => {
    await setImmediate(); // finds its files
    events.push(`decode ${video}`);
    return { decoded: video === 'b' ? Promise.reject(new MediaError('b is broken')) : Promise.resolve(framesOf(video)) };
  });
  await groups.encode(0);
  await expect(groups.encode(1)).rejects.toThrow('b is broken');
  await groups.encode(2);
  expect(events).toEqual(['decode a', 'decode b', 'encode 1', 'decode d', 'encode 0', 'encode 1']);
  await tower.close();
});
