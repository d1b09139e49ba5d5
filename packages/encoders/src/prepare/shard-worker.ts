import type { Shard } from '@tass/feature-store';
import { answerParent, type WorkerFailure } from '@tass/files';
import type { FeaturePlan } from './plan-stores';
import { ShardEncoder, type ShardJob } from './shard-encoder';

/** What a worker process is sent: the plan, then one job after another. */
export type ToWorker = { readonly plan: FeaturePlan } | { readonly job: ShardJob };
/** What it answers to a job. */
export type FromWorker = { readonly shard: Shard } | WorkerFailure;

let encoder: ShardEncoder | undefined;

answerParent(async (message: ToWorker): Promise<FromWorker | undefined> => {
  if ('job' in message) return { shard: await encoder!.make(message.job) };
  encoder = new ShardEncoder(message.plan);
  return undefined;
});
