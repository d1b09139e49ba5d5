import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeVideo } from './media';
import type { MediaWork } from './media-worker';
import type { PlannedVideo } from './plan-world';

export interface WriteVideosOptions {
  readonly workers: number; // threads; used where the program runs from its built files, and not in specs
  readonly onVideo: () => void; // after each video
  readonly signal?: AbortSignal; // stops between two files; throws its reason
}

const workerFile = join(__dirname, 'media-worker.js');
const videosAtOnce = 2; // of a thread: it draws one while the pictures of the other are compressed and written

/**
 * Writes frames and sounds of videos, shared among threads; the files do not depend on how many. Asks for the next of `videos` only when a
 * thread has room for it: what plans them works while others are drawn. Gives what `videos` gives at its end.
 */
export async function writeVideos<Plan>(root: string, videos: Iterator<PlannedVideo, Plan>, options: WriteVideosOptions): Promise<Plan> {
  const { workers, onVideo, signal } = options;
  signal?.throwIfAborted();
  let plan: Plan | undefined;
  const take = (): PlannedVideo | undefined => {
    const next = videos.next();
    if (!next.done) return next.value;
    plan ??= next.value; // nothing when it is asked again
    return undefined;
  };
  if (workers < 2 || !existsSync(workerFile)) {
    for (let video = take(); video; video = take()) {
      signal?.throwIfAborted();
      await writeVideo(root, video);
      onVideo();
    }
    return plan!;
  }
  const threads = Array.from({ length: workers }, () => new Worker(workerFile, { workerData: { root } satisfies MediaWork }));
  try {
    await Promise.all(threads.map((thread) => draw(thread, take, onVideo, signal)));
    return plan!;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Gives one thread video after video until there are no more. */
function draw(thread: Worker, take: () => PlannedVideo | undefined, onVideo: () => void, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let given = 0;
    const fill = (): void => {
      while (given < videosAtOnce) {
        const video = take();
        if (!video) return given === 0 ? resolve() : undefined;
        thread.postMessage(video);
        given++;
      }
    };
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    thread.on('message', () => {
      given--;
      try {
        onVideo();
        fill();
      } catch (error) {
        reject(error);
      }
    });
    thread.once('error', reject);
    thread.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(new Error(`a thread that draws videos ended with code ${code}`)); // unheard where its share is done
    });
    fill();
  });
}
