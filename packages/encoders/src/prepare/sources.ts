import { createHash } from 'node:crypto';
import { mostBytes, readBytes } from '@tass/files';
import { readShards, shardEntryPath } from '@tass/feature-store';
import { framesOf, soundFile } from '@tass/media';
import { type FeaturePlan, type PlannedStore, soundRate } from './plan-stores';
import { Seconds } from './seconds';
import { stagesOf, type StageName } from './stages';

/** A record whose video's frames or sound are others now than those it was made of. */
export interface StaleRecord {
  readonly folder: string; // of its store
  readonly shard: string; // the file that describes its shard
  readonly stage: StageName;
  readonly videoId: string;
}

/** One figure for the very files that a record is made of: the frames at the segments' seconds, or the wav. */
export class Sources {
  private readonly seconds: Seconds;

  constructor(private readonly plan: FeaturePlan) {
    this.seconds = new Seconds(plan);
  }

  /** 16 hex digits of a sha256 over the files' content. Throws MediaError, and where a file cannot be read. */
  async of(encoder: PlannedStore['encoder'], videoId: string): Promise<string> {
    const hash = createHash('sha256');
    for (const file of await this.files(encoder, videoId)) hash.update(readBytes(file, mostBytes.sound)); // read just now: a stream takes longer than the files
    return hash.digest('hex').slice(0, 16);
  }

  private async files(encoder: PlannedStore['encoder'], videoId: string): Promise<string[]> {
    const { datasetRoot, audio } = this.plan;
    if (encoder === 'audio' && audio) return [soundFile(datasetRoot, videoId, soundRate({ audio }))];
    const frames = await framesOf(datasetRoot, videoId);
    return (await this.seconds.ofFrames(videoId)).media.map((second) => frames.get(second) ?? '');
  }
}

/**
 * Reads the frames and sound that the records of `videos` were made of once more and gives those that are others now. Videos whose media are
 * gone are passed over: features are of use without them.
 */
export async function findStale(plan: FeaturePlan, videos: readonly string[]): Promise<StaleRecord[]> {
  const sources = new Sources(plan);
  const asked = new Set(videos);
  const stale: StaleRecord[] = [];
  for (const { store, name, kind } of stagesOf(plan, videos, [])) {
    if (kind !== 'video' || store.encoder === 'seconds') continue;
    for (const { shard } of readShards(store.folder)) {
      for (const [videoId, digest] of Object.entries(shard.sources ?? {})) {
        if (!asked.has(videoId)) continue;
        const now = await sources.of(store.encoder, videoId).catch(() => digest);
        if (now !== digest) stale.push({ folder: store.folder, shard: shardEntryPath(store.folder, shard), stage: name, videoId });
      }
    }
  }
  return stale;
}
