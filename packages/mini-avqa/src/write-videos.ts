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

/** Writes frames and sounds of videos, shared among threads. The files do not depend on how many. */
export async function writeVideos(root: string, videos: readonly PlannedVideo[], options: WriteVideosOptions): Promise<void> {
  const { workers, onVideo, signal } = options;
  signal?.throwIfAborted();
  if (workers < 2 || videos.length < 2 || !existsSync(workerFile)) {
    for (const video of videos) {
      signal?.throwIfAborted();
      await writeVideo(root, video);
      onVideo();
    }
    return;
  }
  const shares = Array.from({ length: Math.min(workers, videos.length) }, (_, worker) =>
    videos.filter((_, index) => index % workers === worker),
  );
  const threads = shares.map((share) => new Worker(workerFile, { workerData: { root, videos: share } satisfies MediaWork }));
  try {
    await Promise.all(threads.map((thread) => finished(thread, onVideo, signal)));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function finished(thread: Worker, onVideo: () => void, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    thread.on('message', onVideo);
    thread.once('error', reject);
    thread.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (code === 0) resolve();
      else reject(new Error(`a thread that draws videos ended with code ${code}`));
    });
  });
}
