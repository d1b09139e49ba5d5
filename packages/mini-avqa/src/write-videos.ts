import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startWorker, type WorkerProgram } from '@tass/files';
import { writeVideo } from './media';
import type { Drawn } from './media-worker';
import type { PlannedVideo } from './plan-world';
import { WorldError } from './world-error';

export interface WriteVideosOptions {
  readonly workers: number; // processes: threads of one wait for each other in the image library. Used where the program runs from its built files, and not in specs
  readonly onVideo: (id: string, digest: string) => void; // after each video
  readonly signal?: AbortSignal; // stops between two files; throws its reason
  readonly worker?: WorkerProgram; // default: the built one
}

const builtWorker: WorkerProgram = { file: join(__dirname, 'media-worker.js') };
const videosAtOnce = 2; // of a process: it draws one while the pictures of the other are compressed and written

/**
 * Writes frames and sounds of videos, shared among processes; the files do not depend on their number. Takes the next of `videos` only when a
 * process has room for it, so that planning and drawing overlap. Returns the final value of `videos`.
 */
export async function writeVideos<Plan>(root: string, videos: Iterator<PlannedVideo, Plan>, options: WriteVideosOptions): Promise<Plan> {
  const { workers, onVideo, signal, worker = builtWorker } = options;
  signal?.throwIfAborted();
  let plan: Plan | undefined;
  const take = (): PlannedVideo | undefined => {
    const next = videos.next();
    if (!next.done) return next.value;
    plan ??= next.value; // nothing when it is asked again
    return undefined;
  };
  if (workers < 2 || !existsSync(worker.file)) {
    for (let video = take(); video; video = take()) {
      signal?.throwIfAborted();
      onVideo(video.id, await writeVideo(root, video));
    }
    return plan!;
  }
  const processes = Array.from({ length: workers }, () => startWorker(worker, [root]));
  try {
    await Promise.all(processes.map((child) => draw(child, take, onVideo, signal)));
    return plan!;
  } finally {
    for (const child of processes) child.kill('SIGKILL');
  }
}

/** Sends one process video after video until there are no more. */
function draw(
  child: ChildProcess,
  take: () => PlannedVideo | undefined,
  onVideo: WriteVideosOptions['onVideo'],
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let given = 0;
    const fill = (): void => {
      while (given < videosAtOnce) {
        const video = take();
        if (!video) return given === 0 ? resolve() : undefined;
        child.send(video, (error) => error && reject(error));
        given++;
      }
    };
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    child.on('message', (drawn: Drawn) => {
      if ('error' in drawn) return reject(new WorldError(drawn.error));
      given--;
      try {
        onVideo(drawn.id, drawn.digest);
        fill();
      } catch (error) {
        reject(error);
      }
    });
    child.once('error', reject);
    child.once('exit', (code, killed) => {
      signal?.removeEventListener('abort', stop);
      reject(
        new WorldError(`a process that draws videos ended (${killed ?? `code ${code}`}). Finished videos are kept; run again to resume`),
      );
    });
    fill();
  });
}
