import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyKind, openForWriting, planShards, type Shard, StoreFolder } from '@tass/feature-store';
import { soundFolder } from '@tass/media';
import { defaultSampling, type FeaturePlan, type PlannedStore, planStores, soundRate } from './plan-stores';
import type { ShardJob } from './shard-encoder';

/** The records of one key kind in one store. */
export interface Stage {
  readonly name: StageName;
  readonly store: PlannedStore;
  readonly kind: KeyKind;
  readonly keys: readonly string[];
}

export type StageName = 'seconds' | 'texts' | 'frames' | 'sound';

/** A video whose features could not be made, and why. */
export interface FeatureFault {
  readonly stage: StageName;
  readonly videoId: string;
  readonly reason: string;
}

/** What progress counts. Frames are images, so that rates compare with those of other programs. */
export const stageUnits: Readonly<Record<string, string>> = { seconds: 'videos', texts: 'texts', frames: 'images', sound: 'videos' } satisfies Record<StageName, string>; // prettier-ignore

/** How far a stage is, in its unit; told when it begins and after each record. */
export interface PrepareProgress {
  readonly stage: StageName;
  readonly done: number;
  readonly total: number;
}

/** Of `done` and `total` records of a stage. */
export function progressOf(stage: StageName, done: number, total: number, { sampling = defaultSampling }: FeaturePlan): PrepareProgress {
  const each = stage === 'frames' ? sampling.segments : 1;
  return { stage, done: done * each, total: total * each };
}

const recordsPerShard: Readonly<Record<KeyKind, number>> = { video: 32, text: 256 };
const order: readonly StageName[] = ['seconds', 'texts', 'frames', 'sound']; // seconds are needed by all that follow; the text tower loads slowest

/** What a plan has made of `videos` and `texts`, in the order in which it is made. Throws as `planStores` does. */
export function stagesOf(plan: FeaturePlan, videos: readonly string[], texts: readonly string[]): Stage[] {
  const keys = { video: [...new Set(videos)], text: [...new Set(texts)] };
  const stages = planStores(plan).flatMap((store) =>
    kindsOf(store).map((kind): Stage => ({ name: nameOf(store, kind), store, kind, keys: keys[kind] })),
  );
  return stages.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

export const storesOf = (stages: readonly Stage[]): PlannedStore[] => [...new Set(stages.map(({ store }) => store))];

const kindsOf = ({ expected }: PlannedStore): KeyKind[] => [...new Set(Object.values(expected.fields).map(({ key }) => key))];

function nameOf({ encoder }: PlannedStore, kind: KeyKind): StageName {
  if (encoder === 'seconds') return 'seconds';
  if (encoder === 'audio') return 'sound';
  return kind === 'video' ? 'frames' : 'texts';
}

/** Whether a stage's records are all there; if not, or if the store cannot be used, the writer finds out what to do. */
export function isThere({ store, kind, keys }: Stage): boolean {
  try {
    const folder = StoreFolder.open(store.folder, store.expected);
    return folder.fields.filter((field) => folder.describe(field).key === kind).every((field) => folder.missing(field, keys).length === 0);
  } catch {
    return false;
  }
}

/** The shards that a stage lacks. To be called once its store was opened for writing. */
export const shardsOf = ({ store, kind, keys }: Stage): ShardJob[] =>
  planShards(store.folder, kind, keys, recordsPerShard[kind]).map((shard) => ({ store, shard }));

/** Opens the stores of stages for writing. Throws where one holds something else. */
export function openStores(stages: readonly Stage[]): void {
  for (const { folder, expected } of storesOf(stages)) openForWriting(folder, expected);
}

/** Throws where there is no folder of the media at all: that is no fault of single videos. */
export function expectMedia(stages: readonly Stage[], { datasetRoot, audio }: FeaturePlan): void {
  const needed = stages
    .filter(({ keys, kind }) => keys.length > 0 && kind === 'video')
    .map(({ name }) => {
      return name === 'sound' && audio ? soundFolder(datasetRoot, soundRate({ audio })) : join(datasetRoot, 'frames');
    });
  const missing = [...new Set(needed)].filter((folder) => !existsSync(folder));
  if (missing.length === 0) return;
  throw new Error(
    `there is no folder ${missing.join(' and no ')}. Expected frames/<video id>/000001.jpg, one a second, and ` +
      'audio/<video id>.wav, or the videos in videos/, from which features:prepare extracts them',
  );
}

export const faultsOf = ({ name }: Stage, { faults }: Shard): FeatureFault[] =>
  faults.map(({ key, reason }) => ({ stage: name, videoId: key, reason }));
