import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { generatorVersion, hasAnnotations, makeWorld, mendTruth } from '@tass/mini-avqa';
import { pathFrom } from '@tass/program';
import { say, showProgress, type Progress } from '@tass/progress';
import type { Experiment } from './schema';

export type EmbeddedWorld = Extract<Experiment['dataset'], { kind: 'mini-avqa' }>;

/**
 * The folder of an embedded world: `dataset.root`, or a folder of the project's cache whose name contains everything that decides its
 * content.
 */
export function embeddedWorldRoot({ root, seed, videos }: EmbeddedWorld, settings: ProjectSettings): string {
  const name = `v${generatorVersion}-seed${seed}-${videos.train}-${videos.val}-${videos.test}`;
  return root === null ? join(settings.root, '.cache', 'mini-avqa', name) : pathFrom(settings.root, root, 'dataset.root');
}

/** Whether the world's questions exist, which are written after its videos. Throws WorldError. */
export function hasQuestions(dataset: EmbeddedWorld, settings: ProjectSettings): Promise<boolean> {
  return hasAnnotations({ root: embeddedWorldRoot(dataset, settings), seed: dataset.seed, videos: dataset.videos });
}

/**
 * Writes the ground truth of the world's questions if it is damaged or missing, as in an older world. If that fails, prints a line, because
 * training does not need it.
 */
export async function mendWorldTruth(dataset: EmbeddedWorld, settings: ProjectSettings): Promise<void> {
  try {
    for (const file of await mendTruth(embeddedWorldRoot(dataset, settings))) say(`${file}: written, as it was missing or damaged`);
  } catch (error) {
    say(`grounding is measured without truth: ${(error as Error).message}`);
  }
}

/** Makes the world, or resumes making it, unless it exists. Throws WorldError, the signal's reason. */
export async function makeEmbeddedWorld(dataset: EmbeddedWorld, settings: ProjectSettings, signal?: AbortSignal): Promise<void> {
  let progress: Progress | undefined;
  const { drawn, kept } = await makeWorld({
    root: embeddedWorldRoot(dataset, settings),
    seed: dataset.seed,
    videos: dataset.videos,
    workers: dataset.workers,
    signal,
    onProgress: ({ done, total }) => {
      progress ??= showProgress({ label: 'world', unit: 'videos', total, done });
      progress.update(done);
    },
  });
  progress?.finish(`${drawn} drawn, ${kept} kept`);
}
