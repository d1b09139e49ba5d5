import { writeVideo } from './media';
import type { PlannedVideo } from './plan-world';

/** What a process that draws answers to each video it is sent. */
export type Drawn = { readonly id: string } | { readonly error: string };

const [, , root] = process.argv;

process.on('message', async (video: PlannedVideo) => {
  try {
    await writeVideo(root, video);
    answer({ id: video.id });
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit()); // the parent is gone
process.on('SIGINT', () => undefined); // the parent decides

function answer(message: Drawn): void {
  if (process.connected) process.send?.(message);
}
