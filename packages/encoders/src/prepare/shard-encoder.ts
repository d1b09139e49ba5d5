import { setImmediate } from 'node:timers/promises';
import {
  type Doubt,
  type Fault,
  type Shard,
  type ShardContent,
  type ShardPlan,
  type StoreDescription,
  valuesPerRecord,
  writeShard,
} from '@tass/feature-store';
import { LockError, lockFolder, retry } from '@tass/files';
import {
  expectCovered,
  MediaError,
  readFrames,
  readingMedia,
  readMediaDoubts,
  readMediaFaults,
  readWav,
  secondsOfFrames,
  soundFile,
} from '@tass/media';
import { declarationOf } from '@tass/dataset-music-avqa';
import { imagesAPass } from '../clip/image-tower';
import { wordsOf } from '../clip/tokenizer';
import { Encoders } from './encoders';
import { FrameGroups } from './frame-groups';
import { defaultSampling, type FeaturePlan, type PlannedStore } from './plan-stores';
import { Seconds } from './seconds';
import { providerOf } from './settle-device';
import { fitSound } from './short-videos';
import { Sources } from './sources';

/** One shard to be made, and the store it is for. */
export interface ShardJob {
  readonly store: PlannedStore;
  readonly shard: ShardPlan;
}

/** The values of one record, by field. */
type FieldValues = Readonly<Record<string, Float32Array>>;

interface EncodedRecord {
  readonly values: FieldValues;
  readonly shortSeconds?: number; // how long a video lasts that is too short
  readonly doubt?: string; // why what it is made of can hardly be right
}

/** Makes shards, one after the other; a model is loaded when the first shard needs it. */
export class ShardEncoder {
  private readonly seconds: Seconds;
  private readonly sources: Sources;

  constructor(
    private readonly plan: FeaturePlan,
    private readonly signal?: AbortSignal, // stops after a video, and throws its reason
    private readonly encoders = new Encoders(),
  ) {
    this.seconds = new Seconds(plan);
    this.sources = new Sources(plan);
  }

  /**
   * Encodes a shard and writes its files. A video whose media cannot be used becomes a fault of the shard with its reason.
   * Throws, naming it, for a text that cannot be encoded, and for a model that fails.
   */
  async make(job: ShardJob): Promise<Shard> {
    const { store, shard } = job;
    const release = await lockShard(store.folder, shard);
    try {
      const provider = store.encoder === 'seconds' ? 'cpu' : providerOf(this.plan.device);
      const content = await this.content(job);
      return writeShard(store.folder, store.expected, shard, provider === 'cpu' ? content : { ...content, provider });
    } finally {
      release();
    }
  }

  private content({ store, shard }: ShardJob): Promise<ShardContent> {
    if (store.encoder === 'seconds') return this.chosenSeconds(store, shard);
    if (store.encoder === 'audio') return this.sounds(store, shard);
    return shard.key === 'video' ? this.frames(store, shard) : this.texts(store, shard);
  }

  private chosenSeconds({ expected }: PlannedStore, { keys }: ShardPlan): Promise<ShardContent> {
    return this.encodeEach('seconds', expected, keys, async (key) => ({
      values: { second: Float32Array.from(await readingMedia(() => this.seconds.choose(key))) },
    }));
  }

  private async frames({ expected }: PlannedStore, { keys }: ShardPlan): Promise<ShardContent> {
    const { datasetRoot, sampling = defaultSampling } = this.plan;
    const tower = await this.encoders.image(this.plan);
    const read = (key: string) =>
      readingMedia(async () => {
        expectCovered(key, 'frames', await secondsOfFrames(datasetRoot, key), sampling.segments, sampling.segmentSeconds);
        const { media: seconds, shortSeconds } = await this.seconds.ofFrames(key);
        return { media: await readFrames(datasetRoot, key, seconds), shortSeconds };
      });
    const videosAPass = providerOf(this.plan.device) === 'cpu' ? 1 : Math.max(1, Math.floor(imagesAPass / sampling.segments));
    const groups = new FrameGroups(keys, videosAPass, tower, read);
    return this.encodeEach('clip', expected, keys, async (_, index) => {
      const { frame, patches, shortSeconds } = await groups.encode(index);
      return { values: { frame, patch: patches }, shortSeconds };
    });
  }

  private async sounds({ expected }: PlannedStore, { keys }: ShardPlan): Promise<ShardContent> {
    const { datasetRoot, sampling = defaultSampling } = this.plan;
    const encoder = await this.encoders.audio(this.plan);
    return this.encodeEach('audio', expected, keys, async (key) => {
      const file = soundFile(datasetRoot, key, encoder.sampleRate);
      const { sound, starts } = await readingMedia(async () => {
        const sound = readWav(file);
        expectCovered(key, 'sound', sound.samples.length / sound.sampleRate, sampling.segments, sampling.segmentSeconds);
        return { sound, starts: await this.seconds.of(key) };
      });
      const { media, shortSeconds } = fitSound(key, sound, Math.max(...starts) + Math.min(1, encoder.windowSeconds), sampling);
      return { values: { audio: await encoder.encode(media, starts, file) }, shortSeconds, doubt: sound.doubt };
    });
  }

  private async texts({ expected }: PlannedStore, { keys }: ShardPlan): Promise<ShardContent> {
    const tower = await this.encoders.text(this.plan);
    if (expected.fields.prompt) return { values: { prompt: (await tower.encode(keys.map(declarationOf))).sentence } };
    const [most, joint] = expected.fields.words.shape;
    const tooLong = this.plan.clip?.words === 'hidden' ? undefined : keys.find((text) => wordsOf(text).length > most);
    if (tooLong !== undefined) {
      throw new Error(
        `the text "${tooLong}" has ${wordsOf(tooLong).length} words, the store holds ${most}. Shorten it or make a store with more`,
      );
    }
    const { sentence, words } = await tower.encode(keys);
    const padded = new Float32Array(keys.length * most * joint);
    words.forEach((ofText, row) => ofText.forEach(({ embedding }, word) => padded.set(embedding, (row * most + word) * joint)));
    return { values: { sentence, words: padded } };
  }

  /** One record after the other; those whose media cannot be used become faults. */
  private async encodeEach(
    encoder: PlannedStore['encoder'],
    { fields }: StoreDescription,
    keys: readonly string[],
    encode: (key: string, index: number) => Promise<EncodedRecord>,
  ): Promise<ShardContent> {
    const ofVideos = Object.entries(fields).filter(([, { key }]) => key === 'video');
    const values = Object.fromEntries(ofVideos.map(([name, field]) => [name, new Float32Array(valuesPerRecord(field) * keys.length)]));
    const faults: Fault[] = [];
    const sources: Record<string, string> = {};
    const shortVideos: Record<string, number> = {};
    const doubts: Doubt[] = [];
    for (const [index, key] of keys.entries()) {
      await setImmediate(); // lets signals in
      this.signal?.throwIfAborted();
      try {
        const { values: record, shortSeconds, doubt } = await encode(key, index);
        for (const [name, field] of ofVideos) put(values[name], record[name], index - faults.length, valuesPerRecord(field), name);
        if (encoder !== 'seconds') sources[key] = await readingMedia(() => this.sources.of(encoder, key));
        const reasons = [...(doubt === undefined ? [] : [doubt]), ...(await readingMedia(async () => this.doubtsOf(encoder, key)))];
        for (const reason of reasons) doubts.push(...ofVideos.map(([field]) => ({ key, field, reason })));
        if (shortSeconds !== undefined) shortVideos[key] = shortSeconds;
      } catch (error) {
        if (!(error instanceof MediaError)) throw error;
        faults.push({ key, reason: this.reasonOf(key, error) });
      }
    }
    const kept = keys.length - faults.length;
    return {
      values: Object.fromEntries(ofVideos.map(([name, field]) => [name, values[name].subarray(0, kept * valuesPerRecord(field))])),
      ...{ faults, doubts, shortVideos },
      ...(encoder === 'seconds' ? {} : { sources }),
    };
  }

  /** What extraction found doubtful of what a record is made of. */
  private doubtsOf(encoder: PlannedStore['encoder'], videoId: string): readonly string[] {
    const { frames = [], sound = [] } = readMediaDoubts(this.plan.datasetRoot, videoId);
    if (encoder === 'seconds') return [];
    return encoder === 'audio' ? sound : frames;
  }

  /** What extraction said of the video tells more. Without the folder of this machine, which is no part of what is wrong. */
  private reasonOf(videoId: string, { message }: MediaError): string {
    const { datasetRoot } = this.plan;
    const extraction = readMediaFaults(datasetRoot).filter((fault) => fault.videoId === videoId).map(({ reason }) => `the video: ${reason}`); // prettier-ignore
    return [message, ...extraction].join('; ').replaceAll(`${datasetRoot}/`, '');
  }
}

/** A worker whose parent was killed ends as soon as its model gives an answer: its shard is waited for, not fought for. */
function lockShard(folder: string, { key, index }: ShardPlan): Promise<() => void> {
  const lock = { file: `${key}-${index}.lock`, what: `shard ${key} ${index} of` };
  const end = performance.now() + 20_000;
  const pauseAfter = (error: unknown) => (error instanceof LockError && error.isHeld && performance.now() < end ? 0.1 : undefined);
  return retry(async () => lockFolder(folder, lock), pauseAfter);
}

const greatestHalf = 65520; // from here on float16 has infinity

function put(into: Float32Array, values: Float32Array, row: number, length: number, field: string): void {
  if (values.length !== length) {
    throw new Error(`${field} has ${values.length} values, expected ${length} by the model's config.json. Check the model's files`);
  }
  const bad = values.find((value) => !(Math.abs(value) < greatestHalf));
  if (bad !== undefined) throw new MediaError(`its ${field} holds ${bad}, which float16 cannot`);
  into.set(values, row * length);
}
