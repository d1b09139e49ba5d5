import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '@tass/feature-store';
import { startWorker, type WorkerProgram } from '@tass/files';
import type { Encoders } from './encoders';
import type { FeaturePlan } from './plan-stores';
import { ShardEncoder, type ShardJob } from './shard-encoder';
import type { FromWorker, ToWorker } from './shard-worker';

export interface RunJobsOptions {
  readonly workers: number; // processes
  readonly onBegin: (job: ShardJob) => void;
  readonly onRecord: (job: ShardJob) => void; // a record of it is encoded, or failed; the files may lack it still
  readonly onShard: (job: ShardJob, shard: Shard) => void;
  readonly signal?: AbortSignal; // stops the work and throws its reason
  readonly encoders?: Encoders; // of this process; worker processes have their own
  readonly worker?: WorkerProgram; // default: the built one
}

const builtWorker: WorkerProgram = { file: join(__dirname, 'shard-worker.js') };

/**
 * Makes shards in worker processes, so that a model that crashes takes no finished work with it; in this process where
 * fewer than two workers are asked for or the program does not run from its built files (specs). The shards' bytes do not
 * depend on how many workers there are. The first error stops all.
 */
export async function runJobs(plan: FeaturePlan, jobs: readonly ShardJob[], options: RunJobsOptions): Promise<void> {
  const { workers, onBegin, onRecord, onShard, signal, encoders, worker = builtWorker } = options;
  signal?.throwIfAborted();
  if (workers < 2 || jobs.length < 2 || !existsSync(worker.file)) {
    const encoder = new ShardEncoder(plan, undefined, encoders);
    for (const job of jobs) {
      onBegin(job);
      onShard(job, await encoder.make(job, () => onRecord(job)));
      signal?.throwIfAborted();
    }
    return;
  }
  const waiting = [...jobs];
  const children = Array.from({ length: Math.min(workers, jobs.length) }, () => startWorker(worker));
  try {
    await Promise.all(children.map((child) => work(child, plan, waiting, options)));
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** Gives one child job after job until none is waiting. */
function work(
  child: ChildProcess,
  plan: FeaturePlan,
  waiting: ShardJob[],
  { onBegin, onRecord, onShard, signal }: RunJobsOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let job: ShardJob | undefined;
    const send = (message: ToWorker) => child.send(message, (error) => error && reject(error));
    const next = () => {
      job = waiting.shift();
      if (!job) return resolve();
      onBegin(job);
      send({ job });
    };
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('exit', (code, killed) => {
      signal?.removeEventListener('abort', stop);
      const during = job ? ` at ${job.shard.key}s ${job.shard.keys[0]} to ${job.shard.keys.at(-1)}` : '';
      reject(new Error(`a worker process ended (${killed ?? `code ${code}`})${during}. Finished shards are kept; run again to resume`));
    });
    child.on('message', (message: FromWorker) => {
      if ('error' in message) return reject(new Error(message.error));
      try {
        if ('isRecord' in message) return onRecord(job as ShardJob);
        onShard(job as ShardJob, message.shard);
        next();
      } catch (error) {
        reject(error);
      }
    });
    send({ plan });
    next();
  });
}
