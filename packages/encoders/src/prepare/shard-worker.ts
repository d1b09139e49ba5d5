import type { FeaturePlan } from './plan-stores';
import { ShardEncoder, type ShardJob } from './shard-encoder';
import type { Shard } from '@tass/feature-store';

/** What a worker process is told: first the plan, then one job after the other. */
export type ToWorker = { readonly plan: FeaturePlan } | { readonly job: ShardJob };
/** What it answers to a job. */
export type FromWorker = { readonly shard: Shard } | { readonly error: string };

let encoder: ShardEncoder | undefined;

process.on('message', async (message: ToWorker) => {
  if ('plan' in message) {
    encoder = new ShardEncoder(message.plan);
    return;
  }
  try {
    answer({ shard: await encoder!.make(message.job) });
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit()); // the parent is gone
process.on('SIGINT', () => undefined); // the parent decides

function answer(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
