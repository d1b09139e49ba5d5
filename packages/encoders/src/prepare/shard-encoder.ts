import { setImmediate } from 'node:timers/promises';
import {
  type Doubt,
  type Fault,
  finishedShard,
  type Shard,
  shardEntryPath,
  shardLock,
  type ShardPlan,
  type ShardRemarks,
  ShardWriter,
  type StoreDescription,
  valuesPerRecord,
} from '@tass/feature-store';
import { LockError, lockFolder, retry } from '@tass/files';
import {
  beginFrames,
  expectCovered,
  MediaError,
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
import { setShardTime } from './shard-time';
import { fitSound } from './short-videos';
import { Sources } from './sources';

/** One shard to be made, and the store it is for. */
export interface ShardJob {
  readonly store: PlannedStore;
  readonly shard: ShardPlan;
}

/** A shard that is being made. */
interface OpenShard extends ShardJob {
  readonly writer: ShardWriter;
  readonly onRecord: () => void; // told of each record that is encoded, or failed
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
   * Encodes a shard and writes its files, record by record, unless another process has taken its number meanwhile: that one's shard stays. A video whose media cannot be used becomes a fault of the shard with its reason.
   * Throws, naming it, for a text that cannot be encoded, and for a model that fails.
   */
  async make(job: ShardJob, onRecord: () => void = () => undefined): Promise<Shard> {
    const { store, shard } = job;
    const release = await lockShard(store.folder, shard);
    const another = finishedShard(store.folder, store.expected, shard);
    if (another) {
      release();
      return another;
    }
    const writer = new ShardWriter(store.folder, store.expected, shard);
    try {
      const begun = Date.now();
      const provider = store.encoder === 'seconds' ? 'cpu' : providerOf(this.plan.device);
      const remarks = await this.write({ ...job, writer, onRecord });
      const made = writer.finish(provider === 'cpu' ? remarks : { ...remarks, provider });
      setShardTime(shardEntryPath(store.folder, shard), begun); // media that change from now on are newer, see findStale
      return made;
    } catch (error) {
      writer.abandon();
      throw error;
    } finally {
      release();
    }
  }

  private write(open: OpenShard): Promise<ShardRemarks> {
    const { store, shard } = open;
    if (store.encoder === 'seconds') return this.chosenSeconds(open);
    if (store.encoder === 'audio') return this.sounds(open);
    return shard.key === 'video' ? this.frames(open) : this.texts(open);
  }

  private chosenSeconds(open: OpenShard): Promise<ShardRemarks> {
    return this.encodeEach(open, async (key) => ({
      values: { second: Float32Array.from(await readingMedia(() => this.seconds.choose(key))) },
    }));
  }

  private async frames(open: OpenShard): Promise<ShardRemarks> {
    const { datasetRoot, sampling = defaultSampling } = this.plan;
    const tower = await this.encoders.image(this.plan);
    const read = (key: string) =>
      readingMedia(async () => {
        expectCovered(key, 'frames', await secondsOfFrames(datasetRoot, key), sampling.segments, sampling.segmentSeconds);
        const { media: seconds, shortSeconds } = await this.seconds.ofFrames(key);
        return { ...(await beginFrames(datasetRoot, key, seconds)), shortSeconds };
      });
    const videosAPass = providerOf(this.plan.device) === 'cpu' ? 1 : Math.max(1, Math.floor(imagesAPass / sampling.segments));
    const groups = new FrameGroups(open.shard.keys, videosAPass, tower, read);
    return this.encodeEach(open, async (_, index) => {
      const { frame, patches, shortSeconds } = await groups.encode(index);
      return { values: { frame, patch: patches }, shortSeconds };
    });
  }

  private async sounds(open: OpenShard): Promise<ShardRemarks> {
    const { datasetRoot, sampling = defaultSampling } = this.plan;
    const encoder = await this.encoders.audio(this.plan);
    return this.encodeEach(open, async (key) => {
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

  private async texts({ store: { expected }, shard: { keys }, writer, onRecord }: OpenShard): Promise<ShardRemarks> {
    const tower = await this.encoders.text(this.plan);
    const add = (key: string, values: FieldValues): void => {
      writer.add(key, values);
      onRecord();
    };
    if (expected.fields.prompt) {
      const [joint] = expected.fields.prompt.shape;
      const { sentence: prompts } = await tower.encode(keys.map(declarationOf));
      keys.forEach((key, row) => add(key, { prompt: prompts.subarray(row * joint, (row + 1) * joint) }));
      return {};
    }
    const [most, joint] = expected.fields.words.shape;
    const tooLong = this.plan.clip?.words === 'hidden' ? undefined : keys.find((text) => wordsOf(text).length > most);
    if (tooLong !== undefined) {
      throw new Error(
        `the text "${tooLong}" has ${wordsOf(tooLong).length} words, the store holds ${most}. Shorten it or make a store with more`,
      );
    }
    const { sentence, words } = await tower.encode(keys);
    keys.forEach((key, row) => {
      const padded = new Float32Array(most * joint);
      words[row].forEach(({ embedding }, word) => padded.set(embedding, word * joint));
      add(key, { sentence: sentence.subarray(row * joint, (row + 1) * joint), words: padded });
    });
    return {};
  }

  /** Writes one record after the other; those whose media cannot be used become faults. */
  private async encodeEach(
    { store: { encoder, expected }, shard: { keys }, writer, onRecord }: OpenShard,
    encode: (key: string, index: number) => Promise<EncodedRecord>,
  ): Promise<ShardRemarks> {
    const faults: Fault[] = [];
    const sources: Record<string, string> = {};
    const shortVideos: Record<string, number> = {};
    const doubts: Doubt[] = [];
    for (const [index, key] of keys.entries()) {
      await setImmediate(); // lets signals in
      this.signal?.throwIfAborted();
      try {
        const { values, shortSeconds, doubt } = await encode(key, index);
        expectStorable(values, expected);
        const source = encoder === 'seconds' ? undefined : await readingMedia(() => this.sources.of(encoder, key));
        const reasons = [...(doubt === undefined ? [] : [doubt]), ...(await readingMedia(async () => this.doubtsOf(encoder, key)))];
        writer.add(key, values);
        if (source !== undefined) sources[key] = source;
        for (const reason of reasons) doubts.push(...Object.keys(values).map((field) => ({ key, field, reason })));
        if (shortSeconds !== undefined) shortVideos[key] = shortSeconds;
      } catch (error) {
        if (!(error instanceof MediaError)) throw error;
        faults.push({ key, reason: this.reasonOf(key, error) });
      }
      onRecord();
    }
    return { faults, doubts, shortVideos, ...(encoder === 'seconds' ? {} : { sources }) };
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
function lockShard(folder: string, shard: ShardPlan): Promise<() => void> {
  const end = performance.now() + 20_000;
  const pauseAfter = (error: unknown) => (error instanceof LockError && error.isHeld && performance.now() < end ? 0.1 : undefined);
  return retry(async () => lockFolder(folder, shardLock(shard)), pauseAfter);
}

const greatestHalf = 65520; // from here on float16 has infinity

/** Throws where the model gives other sizes than its config.json; MediaError for a record that float16 cannot hold. */
function expectStorable(values: FieldValues, { fields }: StoreDescription): void {
  for (const [field, record] of Object.entries(values)) {
    const length = valuesPerRecord(fields[field]);
    if (record.length !== length)
      throw new Error(`${field} has ${record.length} values, expected ${length} by the model's config.json. Check the model's files`);
    const bad = record.find((value) => !(Math.abs(value) < greatestHalf));
    if (bad !== undefined) throw new MediaError(`its ${field} holds ${bad}, which float16 cannot`);
  }
}
