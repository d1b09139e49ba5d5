import { AudioEncoder } from '../audio/audio-encoder';
import { expectCovered, readFrames, readWav, secondsOfFrames, type Segments, soundFile } from '@tass/media';
import { ImageTower } from '../clip/image-tower';
import { TextTower } from '../clip/text-tower';
import { wordsOf } from '../clip/tokenizer';
import { type Shard, type ShardPlan, valuesPerRecord, writeShard } from '@tass/feature-store';
import { defaultSegments, defaultSegmentSeconds, type FeaturePlan, type PlannedStore } from './plan-stores';

/** One shard to be made, and the store it is for. */
export interface ShardJob {
  readonly store: PlannedStore;
  readonly shard: ShardPlan;
}

type Fields = Readonly<Record<string, Float32Array>>;

/** Makes shards, one after the other; a model is loaded when the first shard needs it. */
export class ShardEncoder {
  private image?: Promise<ImageTower>;
  private text?: Promise<TextTower>;
  private audio?: Promise<AudioEncoder>;

  constructor(private readonly plan: FeaturePlan) {}

  /** Encodes a shard and writes its files. Throws, naming the video or text, for media and texts that cannot be encoded. */
  async make({ store, shard }: ShardJob): Promise<Shard> {
    const values =
      store.encoder === 'audio' ? this.sounds(store, shard) : shard.key === 'video' ? this.frames(store, shard) : this.texts(store, shard);
    return writeShard(store.folder, store.expected, shard, await values);
  }

  private async frames(store: PlannedStore, { keys }: ShardPlan): Promise<Fields> {
    const { clip, datasetRoot } = this.plan;
    if (!clip) throw new Error('encoders: frames are to be encoded, but no CLIP is given');
    const tower = await (this.image ??= ImageTower.load(clip.folder, clip));
    const result = recordsOf(store, keys.length);
    const read = async (key: string) => {
      expectCovered(key, 'frames', await secondsOfFrames(datasetRoot, key), segmentsOf(this.plan));
      return readFrames(datasetRoot, key, store.expected.segmentStarts);
    };
    let next = read(keys[0]);
    for (const [row, key] of keys.entries()) {
      const frames = await next;
      next = row + 1 < keys.length ? read(keys[row + 1]) : next; // read while this one is encoded
      next.catch(() => undefined); // reported when its turn comes
      const { frame, patches } = await tower.encode(frames);
      put(result.frame, frame, row, keys.length, `frame of video ${key}`);
      put(result.patch, patches, row, keys.length, `patch of video ${key}`);
    }
    return { frame: result.frame, patch: result.patch };
  }

  private async texts(store: PlannedStore, { keys }: ShardPlan): Promise<Fields> {
    const { clip } = this.plan;
    if (!clip) throw new Error('encoders: texts are to be encoded, but no CLIP is given');
    const tower = await (this.text ??= TextTower.load(clip.folder, clip));
    const [most, joint] = store.expected.fields.words.shape;
    const tooLong = keys.find((text) => wordsOf(text).length > most);
    if (tooLong !== undefined) {
      throw new Error(
        `encoders: the text "${tooLong}" has ${wordsOf(tooLong).length} words, the store holds ${most}. Shorten it or make a store with more`,
      );
    }
    const result = recordsOf(store, keys.length);
    const { sentence, words } = await tower.encode(keys);
    result.sentence.set(sentence);
    words.forEach((ofText, row) => ofText.forEach(({ embedding }, word) => result.words.set(embedding, (row * most + word) * joint)));
    return { sentence: result.sentence, words: result.words };
  }

  private async sounds(store: PlannedStore, { keys }: ShardPlan): Promise<Fields> {
    const { audio, datasetRoot } = this.plan;
    if (!audio) throw new Error('encoders: sounds are to be encoded, but no audio encoder is given');
    const encoder = await (this.audio ??= AudioEncoder.load(audio.folder));
    const result = recordsOf(store, keys.length);
    for (const [row, key] of keys.entries()) {
      const file = soundFile(datasetRoot, key);
      const sound = readWav(file);
      expectCovered(key, 'sound', sound.samples.length / sound.sampleRate, segmentsOf(this.plan));
      put(result.audio, await encoder.encode(sound, store.expected.segmentStarts, file), row, keys.length, `audio of video ${key}`);
    }
    return { audio: result.audio };
  }
}

const segmentsOf = ({ segments = defaultSegments, segmentSeconds = defaultSegmentSeconds }: FeaturePlan): Segments => ({
  segments,
  segmentSeconds,
});

function recordsOf({ expected }: PlannedStore, count: number): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(expected.fields).map(([name, field]) => [name, new Float32Array(valuesPerRecord(field) * count)]),
  );
}

function put(into: Float32Array, values: Float32Array, row: number, rows: number, what: string): void {
  if (values.length !== into.length / rows) {
    throw new Error(
      `encoders: ${what} has ${values.length} values, expected ${into.length / rows} by the model's config.json. Check the model's files`,
    );
  }
  into.set(values, row * values.length);
}
