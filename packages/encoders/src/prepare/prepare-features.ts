import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyKind, openForWriting, planShards, type Shard, StoreFolder } from '@tass/feature-store';
import { lockFolder, onDisk } from '@tass/files';
import { type FeaturePlan, type PlannedStore, planStores } from './plan-stores';
import { runJobs, type WorkerProgram } from './run-jobs';
import type { ShardJob } from './shard-encoder';

export interface PrepareFeaturesOptions extends FeaturePlan {
  readonly videos: readonly string[];
  readonly texts: readonly string[];
  readonly workers?: number; // processes, one thread of onnxruntime each; default 2
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal; // stops the work and throws its reason; a later call goes on
}

/** How many records of one stage are there, of how many; told after each shard. */
export interface PrepareProgress {
  readonly stage: 'seconds' | 'texts' | 'frames' | 'sound';
  readonly done: number;
  readonly total: number;
}

export interface PreparedFeatures {
  readonly stores: readonly PlannedStore[]; // for `openFeatureStore`
  readonly encoded: number; // records made now, of all stages
  readonly kept: number; // records that were there
  readonly faults: readonly FeatureFault[]; // of this call
}

/** A video whose features could not be made, and why. */
export interface FeatureFault {
  readonly stage: PrepareProgress['stage'];
  readonly videoId: string;
  readonly reason: string;
}

const recordsPerShard: Readonly<Record<KeyKind, number>> = { video: 32, text: 256 };

/**
 * Brings the feature store up to date: encodes the frames and sound of `videos` and the `texts` that it lacks, in worker
 * processes, shard by shard. What is there is kept; a call that was stopped or killed is gone on with by the same call, and
 * the bytes are those of an undisturbed one. Videos that cannot be encoded are listed and tried again by the next call.
 * Throws for folders of media that are not there, a broken model, a folder of another encoder or dataset, a second process at the same folder.
 */
export async function prepareFeatures(options: PrepareFeaturesOptions, worker?: WorkerProgram): Promise<PreparedFeatures> {
  const { videos, texts, workers = 2, onProgress, signal, ...plan } = options;
  const keys = { video: [...new Set(videos)], text: [...new Set(texts)] };
  const stages = planStores(plan).flatMap((store) => kindsOf(store).map((kind): Stage => ({ store, kind, keys: keys[kind] })));
  const stores = [...new Set(stages.map(({ store }) => store))];
  const total = stages.reduce((sum, stage) => sum + stage.keys.length, 0);
  if (stages.every(isThere)) return { stores, encoded: 0, kept: total, faults: [] };
  expectMedia(plan, keys.video);

  const give: (() => void)[] = [];
  try {
    for (const { folder } of stores) give.push(lockStore(folder));
    for (const { folder, expected } of stores) openForWriting(folder, expected);
    const jobs = stages.flatMap(({ store, kind, keys }) =>
      planShards(store.folder, kind, keys, recordsPerShard[kind]).map((shard): ShardJob => ({ store, shard })),
    );
    jobs.sort((a, b) => urgency(b) - urgency(a));
    const waiting = (stage: Stage) => jobs.filter((job) => isOf(job, stage)).reduce((sum, { shard }) => sum + shard.keys.length, 0);
    const done = new Map(stages.map((stage) => [stage, stage.keys.length - waiting(stage)]));
    const kept = [...done.values()].reduce((sum, count) => sum + count, 0);
    const faults: FeatureFault[] = [];
    await runJobs(plan, jobs, {
      ...{ workers, signal, worker },
      onShard: (job, made) => {
        const stage = stages.find((each) => isOf(job, each))!;
        done.set(stage, done.get(stage)! + job.shard.keys.length);
        faults.push(...faultsOf(stage, made));
        refuseFruitless(stage, job, made);
        onProgress?.({ stage: nameOf(stage), done: done.get(stage)!, total: stage.keys.length });
      },
    });
    return { stores, encoded: total - kept - faults.length, kept, faults };
  } finally {
    for (const giveUp of give) giveUp();
  }
}

/** Throws where all of a stage's first shard failed: that is more likely a setting than so many bad videos. */
function refuseFruitless(stage: Stage, { shard }: ShardJob, { keys, faults }: Shard): void {
  if (shard.index > 0 || keys.length > 0) return;
  const [{ key, reason }] = faults;
  throw new Error(`encoders: none of the first ${faults.length} ${stage.kind}s could be encoded (${nameOf(stage)}); ${key}: ${reason}`);
}

/** Throws where there is no folder of the media at all: that is no fault of single videos. */
function expectMedia({ datasetRoot, clip, audio }: FeaturePlan, videos: readonly string[]): void {
  const needed = videos.length === 0 ? [] : [...(clip ? ['frames'] : []), ...(audio ? ['audio'] : [])];
  const missing = needed.filter((name) => !existsSync(join(datasetRoot, name)));
  if (missing.length === 0) return;
  throw new Error(
    `encoders: there is no folder ${missing.map((name) => join(datasetRoot, name)).join(' and no ')}. Expected frames/<video id>/000001.jpg, one a second, and ` +
      'audio/<video id>.wav, or the videos in videos/, from which encoders:prepare extracts them',
  );
}

/** Makes the folder of a store and this process the only one that writes there; returns the function that gives it up. */
function lockStore(folder: string): () => void {
  onDisk(`encoders: the feature store ${folder} cannot be made`, folder, () => mkdirSync(folder, { recursive: true }));
  return lockFolder(folder, { file: 'prepare.lock', what: 'encoders: the feature store' });
}

/** The records of one key kind in one store. */
interface Stage {
  readonly store: PlannedStore;
  readonly kind: KeyKind;
  readonly keys: readonly string[];
}

const kindsOf = ({ expected }: PlannedStore): KeyKind[] => [...new Set(Object.values(expected.fields).map(({ key }) => key))];

const isOf = ({ store, shard }: ShardJob, stage: Stage): boolean => store === stage.store && shard.key === stage.kind;

/** Seconds are needed by all that follows; the text tower is the slowest model to load. */
const urgency = ({ store, shard }: ShardJob): number => (store.encoder === 'seconds' ? 2 : shard.key === 'text' ? 1 : 0);

const faultsOf = (stage: Stage, { faults }: Shard): FeatureFault[] =>
  faults.map(({ key, reason }) => ({ stage: nameOf(stage), videoId: key, reason }));

const nameOf = ({ store, kind }: Stage): PrepareProgress['stage'] =>
  store.encoder === 'seconds' ? 'seconds' : store.encoder === 'audio' ? 'sound' : kind === 'video' ? 'frames' : 'texts';

/** Whether a stage's records are all there; if not, or if the store cannot be used, the writer finds out what to do. */
function isThere({ store, kind, keys }: Stage): boolean {
  try {
    const folder = StoreFolder.open(store.folder, store.expected);
    return folder.fields.filter((field) => folder.describe(field).key === kind).every((field) => folder.missing(field, keys).length === 0);
  } catch {
    return false;
  }
}
