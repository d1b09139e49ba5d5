import { parentPort, workerData } from 'node:worker_threads';
import { writeVideo } from './media';
import type { PlannedVideo } from './plan-world';

/** What a worker thread is given; it is sent videos and answers each with its id, once it is written. */
export interface MediaWork {
  readonly root: string;
}

const { root } = workerData as MediaWork;

parentPort?.on('message', async (video: PlannedVideo) => {
  await writeVideo(root, video); // the thread ends with the first error, which its parent is told
  parentPort?.postMessage(video.id);
});
