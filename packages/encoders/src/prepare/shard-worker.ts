import type { Shard } from '@tass/feature-store';
import { answerParent, tellParent, type WorkerFailure } from '@tass/files';
import type { FeaturePlan } from './plan-stores';
import { ShardEncoder, type ShardJob } from './shard-encoder';

/** What a worker process is sent: the plan, then one job after another. */
export type ToWorker = { readonly plan: FeaturePlan } | { readonly job: ShardJob };
/** What it answers to a job, and says for each of the job's records before. */
export type FromWorker = { readonly shard: Shard } | typeof record | WorkerFailure;
const record = { isRecord: true } as const;

let encoder: ShardEncoder | undefined;

answerParent(async (message: ToWorker): Promise<FromWorker | undefined> => {
  if ('job' in message) return { shard: await encoder!.make(message.job, () => tellParent(record)) };
  encoder = new ShardEncoder(message.plan);
  return undefined;
});
