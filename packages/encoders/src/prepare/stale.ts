import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { dropRecords, readShards, type Shard, shardEntryPath } from '@tass/feature-store';
import { isDiscarded, lastChange, MediaError } from '@tass/media';
import { type FeaturePlan, type PlannedStore, soundRate } from './plan-stores';
import { setShardTime } from './shard-time';
import { Sources } from './sources';
import { type Stage, stagesOf, type StageName } from './stages';

/** A record whose video's frames or sound are others now than those it was made of, or were taken away as those of an older video. */
export interface StaleRecord {
  readonly folder: string; // of its store
  readonly stage: StageName;
  readonly videoId: string;
  readonly source: string; // digest of what it was made of
}

/**
 * Which records are compared with their frames and sound. `all` reads everything again. `touched` reads what changed on disk after its shard
 * was written, by the file system's times; it misses a frame that was written over in its place.
 */
type Thoroughness = 'all' | 'touched';

/** What `findStale` found. */
export interface Compared {
  readonly stale: readonly StaleRecord[];
  readonly unusable: readonly UnusableMedia[];
}

/** Frames or sound that are there and of which no features could be made. Their features stay: nothing could replace them. */
interface UnusableMedia {
  readonly stage: StageName;
  readonly videoId: string;
  readonly reason: string;
}

interface CompareHow {
  readonly which?: Thoroughness;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void; // records, of all shards
}

/**
 * Compares the records of `videos` with their frames and sound. Videos whose frames or sound are gone are passed over: features are of use
 * without them. So are those that cannot be read now; the next call looks at them again. Throws the signal's reason.
 */
export async function findStale(
  plan: FeaturePlan,
  videos: readonly string[],
  { which = 'all', signal, onProgress }: CompareHow = {},
): Promise<Compared> {
  const sources = new Sources(plan);
  const asked = new Set(videos);
  const stale: StaleRecord[] = [];
  const unusable: UnusableMedia[] = [];
  const shards = mediaStages(plan, videos).flatMap(({ store, name: stage }) =>
    existingShards(store).map(({ shard }) => ({ store, stage, shard })),
  );
  const total = shards.reduce((sum, { shard }) => sum + shard.keys.length, 0);
  let done = 0;
  for (const { store, stage, shard } of shards) {
    const rate = store.encoder === 'audio' ? soundRate(plan) : undefined;
    const entry = shardEntryPath(store.folder, shard);
    const written = which === 'all' ? -Infinity : statSync(entry).mtimeMs;
    let newest = written;
    let isTrue = true; // and all of it was read
    for (const [videoId, source] of Object.entries(shard.sources ?? {})) {
      if (!asked.has(videoId)) continue;
      const changed = lastChange(plan.datasetRoot, videoId, rate);
      if (changed === undefined ? !isDiscarded(plan.datasetRoot, videoId, rate) : changed <= written) continue;
      await setImmediate(); // lets signals in
      signal?.throwIfAborted();
      const found = changed === undefined ? 'other' : await compared(sources, plan, store, videoId, source);
      if (found === 'other') stale.push({ folder: store.folder, stage, videoId, source });
      else if (found instanceof MediaError) unusable.push({ stage, videoId, reason: found.message });
      isTrue &&= found !== 'other' && found !== 'unread';
      newest = Math.max(newest, changed ?? newest);
    }
    if (isTrue && newest > written) setShardTime(entry, Math.ceil(newest + 1)); // not read again until it changes; a file system may round down
    done += shard.keys.length;
    if (done > 0) onProgress?.(done, total);
  }
  return { stale, unusable };
}

/**
 * Removes stale records, so that they are made again. Where seconds are chosen by content, all records of such a video go, as other seconds
 * may be chosen now. To be called by the process that plans the stores' shards.
 */
export function dropStale(plan: FeaturePlan, stale: readonly StaleRecord[]): void {
  if (stale.length === 0) return;
  const videos = [...new Set(stale.map(({ videoId }) => videoId))];
  for (const { store, kind } of stagesOf(plan, videos, [])) {
    if (kind !== 'video') continue;
    const dropped =
      plan.sampling?.choice === 'content'
        ? videos.map((key) => ({ key }))
        : stale.flatMap(({ folder, videoId, source }) => (folder === store.folder ? [{ key: videoId, source }] : []));
    dropRecords(store.folder, store.expected, kind, dropped);
  }
}

const mediaStages = (plan: FeaturePlan, videos: readonly string[]): Stage[] =>
  stagesOf(plan, videos, []).filter(({ kind, store }) => kind === 'video' && store.encoder !== 'seconds');

function existingShards({ folder }: PlannedStore): { readonly shard: Shard }[] {
  try {
    return readShards(folder).filter(({ shard }) => shard.key === 'video');
  } catch {
    return []; // no store yet, or one that cannot be read: whoever opens it says so
  }
}

/** A MediaError says why no features could be made now. Media that `refresh` removed, or left empty, are others. */
async function compared(
  sources: Sources,
  plan: FeaturePlan,
  { encoder }: PlannedStore,
  videoId: string,
  source: string,
): Promise<'same' | 'other' | 'unread' | MediaError> {
  try {
    return (await sources.of(encoder, videoId)) === source ? 'same' : 'other';
  } catch (error) {
    if (!(error instanceof MediaError)) return 'unread';
    return isDiscarded(plan.datasetRoot, videoId, encoder === 'audio' ? soundRate(plan) : undefined) ? 'other' : error;
  }
}
