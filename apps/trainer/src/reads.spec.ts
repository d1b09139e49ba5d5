import { join } from 'node:path';
import { MiniatureProject } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const counted = async (): Promise<Record<string, number>> => {
  const preload = [join(__dirname, '../../../packages/testing/src/count-reads.cjs')];
  const { errors } = await project.train(['--exp=miniature', 'epochs=1'], { preload });
  return JSON.parse(/^reads (.*)$/m.exec(errors)?.[1] ?? 'null');
};

it('a training reads its questions once and opens each of its two stores once', async () => {
  await counted(); // makes the world and its features
  const once = { 'avqa-train.json': 1, 'avqa-val.json': 1, 'avqa-test.json': 1 };
  const checks = { 'avqa-train.json': 1, 'avqa-val.json': 2, 'avqa-test.json': 2 }; // of the world's digest, and of the truth of val and test
  const reads = Object.entries(once).map(([file, count]) => [file, count + checks[file as keyof typeof checks]]);
  expect(await counted()).toEqual({ ...Object.fromEntries(reads), 'manifest.json': 2 }); // of two stores
});
