import { finishedShard, type Shard } from '@tass/feature-store';
import type { FeaturePlan } from './plan-stores';
import { locked } from './prepare-features';
import { settleDevice } from './settle-device';
import { dropStale, findStale } from './stale';
import { ShardEncoder, type ShardJob } from './shard-encoder';
import { openStores, type PrepareProgress, progressOf, shardsOf, type StageName, stagesOf, storesOf } from './stages';

/** All that is left to make of a plan, as jobs that know nothing of each other: any process on any machine may make any of them. */
export interface JobList {
  readonly plan: FeaturePlan;
  readonly jobs: readonly ListedJob[];
}

interface ListedJob extends ShardJob {
  readonly stage: StageName; // `seconds` come before `frames` and `sound`, which make what they lack of them once more
}

/**
 * Plans the shards that a store lacks, without its stale records; makes none. The list holds until all its jobs are done; a job may be run again.
 * Throws as `prepareFeatures` does; LockError while a job of an earlier list writes to a store with stale records; the signal's reason.
 */
export async function listJobs(
  plan: FeaturePlan,
  videos: readonly string[],
  texts: readonly string[],
  { refresh = false, signal }: { readonly refresh?: boolean; readonly signal?: AbortSignal } = {},
): Promise<JobList> {
  const stages = stagesOf(plan, videos, texts);
  return locked(storesOf(stages), async () => {
    openStores(stages);
    const { stale } = await findStale(plan, videos, { which: refresh ? 'all' : 'touched', signal });
    dropStale(plan, stale);
    return { plan, jobs: stages.flatMap((stage) => shardsOf(stage).map((job) => ({ ...job, stage: stage.name }))) };
  });
}

export interface MakeJobOptions {
  readonly say: (line: string) => void; // told which device there is
  readonly onProgress?: (progress: PrepareProgress) => void; // of the job's own records
  readonly signal?: AbortSignal;
}

/**
 * Makes one shard of a list, or finds it made. The device is looked for where the job runs. Throws as `prepareFeatures` does, and where another
 * process makes it; the signal's reason.
 */
export async function makeJob({ plan, jobs }: JobList, index: number, { say, onProgress, signal }: MakeJobOptions): Promise<Shard> {
  const { store, shard, stage } = jobs[index];
  const finished = finishedShard(store.folder, store.expected, shard);
  if (finished) return finished;
  const encoder = new ShardEncoder(await settleDevice(plan, [{ name: stage, store }], say), signal);
  const tell = (done: number) => onProgress?.(progressOf(stage, done, shard.keys.length, plan));
  let done = 0;
  tell(done);
  return encoder.make(jobs[index], () => tell(++done));
}
