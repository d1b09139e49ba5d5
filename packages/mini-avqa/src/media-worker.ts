import { parentPort, workerData } from 'node:worker_threads';
import { writeVideo } from './media';
import type { PlannedVideo } from './plan-world';

/** What a worker thread is given; it answers with the id of each video that it has written. */
export interface MediaWork {
  readonly root: string;
  readonly videos: readonly PlannedVideo[];
}

async function work({ root, videos }: MediaWork): Promise<void> {
  for (const video of videos) {
    await writeVideo(root, video);
    parentPort?.postMessage(video.id);
  }
}

void work(workerData as MediaWork);
