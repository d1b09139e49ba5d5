import { mkdirSync } from 'node:fs';
import { lockFolder, onDisk } from '@tass/files';
import { FeatureStoreWriter, type KeyKind, StoreFolder } from '@tass/feature-store';
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
  readonly stage: 'texts' | 'frames' | 'sound';
  readonly done: number;
  readonly total: number;
}

export interface PreparedFeatures {
  readonly stores: readonly PlannedStore[]; // for `openFeatureStore`
  readonly encoded: number; // records made now, of all stages
  readonly kept: number; // records that were there
}

const recordsPerShard: Readonly<Record<KeyKind, number>> = { video: 32, text: 256 };

/**
 * Brings the feature store up to date: encodes the frames and sound of `videos` and the `texts` that it lacks, in worker
 * processes, shard by shard. What is there is kept; a call that was stopped or killed is gone on with by the same call, and
 * the bytes are those of an undisturbed one. A video without sound or frames, a broken model, a folder of another encoder
 * or dataset, a second process at the same folder: each throws an error that names it.
 */
export async function prepareFeatures(options: PrepareFeaturesOptions, worker?: WorkerProgram): Promise<PreparedFeatures> {
  const { videos, texts, workers = 2, onProgress, signal, ...plan } = options;
  const keys = { video: [...new Set(videos)], text: [...new Set(texts)] };
  const stages = planStores(plan).flatMap((store) => kindsOf(store).map((kind): Stage => ({ store, kind, keys: keys[kind] })));
  const stores = [...new Set(stages.map(({ store }) => store))];
  const total = stages.reduce((sum, stage) => sum + stage.keys.length, 0);
  if (stages.every(isThere)) return { stores, encoded: 0, kept: total };

  const give: (() => void)[] = [];
  try {
    for (const { folder } of stores) give.push(lockStore(folder));
    const writers = new Map(stores.map((store) => [store, FeatureStoreWriter.open(store.folder, store.expected)]));
    const jobs = stages.flatMap(({ store, kind, keys }) =>
      writers
        .get(store)!
        .plan(kind, keys, recordsPerShard[kind])
        .map((shard): ShardJob => ({ store, shard })),
    );
    jobs.sort((a, b) => Number(b.shard.key === 'text') - Number(a.shard.key === 'text')); // the slowest model to load comes first
    const waiting = (stage: Stage) => jobs.filter((job) => isOf(job, stage)).reduce((sum, { shard }) => sum + shard.keys.length, 0);
    const done = new Map(stages.map((stage) => [stage, stage.keys.length - waiting(stage)]));
    const kept = [...done.values()].reduce((sum, count) => sum + count, 0);
    await runJobs(plan, jobs, {
      ...{ workers, signal, worker },
      onShard: (job, made) => {
        const stage = stages.find((each) => isOf(job, each))!;
        writers.get(stage.store)!.commit(made);
        done.set(stage, done.get(stage)! + made.keys.length);
        onProgress?.({ stage: nameOf(stage), done: done.get(stage)!, total: stage.keys.length });
      },
    });
    return { stores, encoded: total - kept, kept };
  } finally {
    for (const giveUp of give) giveUp();
  }
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

const nameOf = ({ store, kind }: Stage): PrepareProgress['stage'] =>
  store.encoder === 'audio' ? 'sound' : kind === 'video' ? 'frames' : 'texts';

/** Whether a stage's records are all there; if not, or if the store cannot be used, the writer finds out what to do. */
function isThere({ store, kind, keys }: Stage): boolean {
  try {
    const folder = StoreFolder.open(store.folder, store.expected);
    return folder.fields.filter((field) => folder.describe(field).key === kind).every((field) => folder.missing(field, keys).length === 0);
  } catch {
    return false;
  }
}
