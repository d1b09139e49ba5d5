import { mkdirSync } from 'node:fs';
import { valuesPerRecord, type Shard } from '@tass/feature-store';
import { expectFreeSpace, holderOf, lockFolder, onDisk, waitForMaker, type WorkerProgram } from '@tass/files';
import { MediaError } from '@tass/media';
import { counted } from '@tass/program';
import type { Encoders } from './encoders';
import type { FeaturePlan, PlannedStore } from './plan-stores';
import { runJobs } from './run-jobs';
import { expectDevice, settleDevice } from './settle-device';
import type { ShardJob } from './shard-encoder';
import { type Compared, dropStale, findStale } from './stale';
import {
  type FeatureFault,
  expectMedia,
  faultsOf,
  isThere,
  openStores,
  type PrepareProgress,
  progressOf,
  shardsOf,
  type Stage,
  stagesOf,
  storesOf,
} from './stages';

export interface PrepareFeaturesOptions extends FeaturePlan {
  readonly videos: readonly string[];
  readonly texts: readonly string[];
  readonly workers?: number; // processes, one thread of onnxruntime each; default 2
  readonly encoders?: Encoders; // with one worker: kept by who calls again; default: loaded for this call
  readonly refresh?: boolean; // reads all frames and sound again, not only those that were touched, to find records that are stale; default false
  readonly onRemark?: (line: string) => void; // which device the encoders run on, if another than the CPU is asked for
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal; // stops the work and throws its reason; a later call goes on
}

export interface PreparedFeatures {
  readonly stores: readonly PlannedStore[]; // for `openFeatureStore`
  readonly encoded: number; // records made now, of all stages
  readonly kept: number; // records that were there
  readonly faults: readonly FeatureFault[]; // of this call
}

/**
 * Brings the feature store up to date: encodes the frames and sound of `videos` and the `texts` that it lacks, in worker
 * processes, shard by shard. Finished shards are kept; the same call resumes one that was stopped or killed, and
 * the bytes are those of an uninterrupted one. Videos that cannot be encoded are listed and tried again by the next call. Records whose
 * frames or sound have changed since are made again, once no job of a list writes to their store.
 * Throws for folders of media that are not there, a broken model, a device as `settleDevice`, a folder of another encoder or dataset, a second process at the same folder;
 * MediaError where no video at all can be encoded.
 */
export async function prepareFeatures(options: PrepareFeaturesOptions, worker?: WorkerProgram): Promise<PreparedFeatures> {
  const { videos, texts, workers = 2, encoders, refresh = false, onRemark = () => undefined, onProgress, signal, ...plan } = options;
  const stages = stagesOf(plan, videos, texts);
  const stores = storesOf(stages);
  const total = stages.reduce((sum, stage) => sum + stage.keys.length, 0);
  const compare = () => findStale(plan, videos, { which: refresh ? 'all' : 'touched', signal });
  const isWhole = stages.every(isThere) && !stores.some(({ folder }) => isLocked(folder));
  const before = isWhole ? await compare() : undefined; // without a lock: a store that nobody may write can be whole
  if (before?.stale.length === 0) {
    sayUnusable(before, onRemark);
    return { stores, encoded: 0, kept: total, faults: [] };
  }
  expectMedia(stages, plan);
  expectDevice(plan);
  return locked(stores, async () => {
    openStores(stages);
    const compared = before ?? (await compare());
    await waitForMaker(async () => dropStale(plan, compared.stale), { say: onRemark, signal }); // for jobs that write shards
    for (const { stage, videoId } of compared.stale) onRemark(`${stage} of ${videoId}: encoded again, as its ${stage} changed`);
    sayUnusable(compared, onRemark);
    const waiting = new Map(stages.map((stage) => [stage, shardsOf(stage)]));
    for (const [stage, jobs] of waiting) expectFreeSpace('cannot make features', stage.store.folder, bytesOf(stage, jobs));
    const keysOf = (jobs: readonly ShardJob[]) => jobs.reduce((sum, { shard }) => sum + shard.keys.length, 0);
    const done = new Map(stages.map((stage) => [stage, stage.keys.length - keysOf(waiting.get(stage)!)]));
    const isBegunBefore = new Set(stages.filter((stage) => done.get(stage)! > 0)); // some of its records are there
    const kept = [...done.values()].reduce((sum, count) => sum + count, 0);
    const faults: FeatureFault[] = [];
    const stageOf = (job: ShardJob) => stages.find((stage) => waiting.get(stage)!.includes(job))!;
    const tell = (stage: Stage) => onProgress?.(progressOf(stage.name, done.get(stage)!, stage.keys.length, plan));
    const begun = new Set<Stage>();
    const count = (job: ShardJob): void => {
      const stage = stageOf(job);
      done.set(stage, done.get(stage)! + 1);
      tell(stage);
    };
    const settled = await settleDevice(plan, stages.filter((stage) => waiting.get(stage)!.length > 0), onRemark); // prettier-ignore
    await runJobs(settled, [...waiting.values()].flat(), {
      ...{ workers, encoders, signal, worker },
      onBegin: (job) => {
        const stage = stageOf(job);
        if (!begun.has(stage)) tell(stage);
        begun.add(stage);
      },
      onRecord: count,
      onShard: (job, made) => {
        const stage = stageOf(job);
        faults.push(...faultsOf(stage, made));
        if (!isBegunBefore.has(stage)) refuseFruitless(stage, job, made);
      },
    });
    return { stores, encoded: total - kept - faults.length, kept, faults };
  });
}

/** Of what these shards will hold. */
function bytesOf({ store, kind }: Stage, jobs: readonly ShardJob[]): number {
  const values = Object.values(store.expected.fields).map((field) => (field.key === kind ? valuesPerRecord(field) : 0));
  const records = jobs.reduce((sum, { shard }) => sum + shard.keys.length, 0);
  return 2 * records * values.reduce((sum, count) => sum + count, 0);
}

const shownFaults = 20;

/** Throws where all of a stage's first shard failed: that is more likely a setting than so many bad videos. */
function refuseFruitless({ name, kind }: Stage, { shard }: ShardJob, { keys, faults }: Shard): void {
  if (shard.index > 0 || keys.length > 0) return;
  const shown = faults.slice(0, shownFaults).map(({ key, reason }) => `${key}: ${reason}`);
  const more = faults.length > shown.length ? [`... and ${faults.length - shown.length} more`] : [];
  const message =
    faults.length === 1
      ? `the ${kind} ${shown[0].replace(': ', ` could not be encoded (${name}): `)}`
      : [`none of the first ${counted(faults.length, kind)} could be encoded (${name})`, ...shown, ...more].join('\n');
  throw kind === 'video' ? new MediaError(message) : new Error(message);
}

const storeLock = { file: 'prepare.lock', what: 'the feature store' };

const isLocked = (folder: string): boolean => holderOf(folder, storeLock) !== undefined;

function sayUnusable({ unusable }: Compared, onRemark: (line: string) => void): void {
  if (unusable.length === 0) return;
  const [{ stage, videoId, reason }] = unusable;
  onRemark(
    `features of ${counted(unusable.length, 'video')} stay, though what they were made of cannot be used any more; the first: ${stage} of ${videoId}: ${reason}`,
  );
}

/** Runs `work` as the only one that plans shards of these stores. */
export async function locked<Result>(stores: readonly PlannedStore[], work: () => Promise<Result>): Promise<Result> {
  const give: (() => void)[] = [];
  try {
    for (const { folder } of stores) {
      onDisk(`the feature store ${folder} cannot be made`, folder, () => mkdirSync(folder, { recursive: true }));
      give.push(lockFolder(folder, storeLock));
    }
    return await work();
  } finally {
    for (const giveUp of give) giveUp();
  }
}
