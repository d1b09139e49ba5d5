import { answerParent, type WorkerFailure } from '@tass/files';
import { writeVideo } from './media';
import type { PlannedVideo } from './plan-world';

/** What a process that draws answers to each video it is sent. */
export type Drawn = { readonly id: string; readonly digest: string } | WorkerFailure;

const [, , root] = process.argv;

answerParent(async (video: PlannedVideo): Promise<Drawn> => {
  return { id: video.id, digest: await writeVideo(root, video) };
});
