import { join } from 'node:path';
import { Encoders } from './encoders';
import type { FeaturePlan } from './plan-stores';

const fixtures = (name: string): string => join(__dirname, '..', name);
const plan = {
  clip: { folder: fixtures('clip/fixtures/dynamo-23'), patches: 'value', words: 'prompt' },
  audio: { folder: fixtures('audio/fixtures/audio') },
} as unknown as FeaturePlan;
const every = (segmentSeconds: number): FeaturePlan => ({ ...plan, sampling: { choice: 'every', segments: 2, segmentSeconds } });

it('loads each model once, and the audio encoder again for segments of another length', async () => {
  const encoders = new Encoders();
  expect(await encoders.image(plan)).toBe(await encoders.image(every(3)));
  expect(await encoders.text(plan)).toBe(await encoders.text(plan));
  const first = await encoders.audio(every(1));
  expect(await encoders.audio(every(1))).toBe(first);
  expect(await encoders.audio(every(3))).not.toBe(first);
});

it('names what a plan lacks', () => {
  const bare = {} as FeaturePlan;
  for (const kind of ['image', 'text', 'audio'] as const) expect(() => new Encoders()[kind](bare)).toThrow(/are to be encoded, but no/);
});
