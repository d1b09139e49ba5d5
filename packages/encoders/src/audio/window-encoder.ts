import type { InferenceSession } from 'onnxruntime-node';
import type { Sound } from '@tass/media';
import type { ModelFolder } from '../model/folder';
import { loadTransformers } from '../model/transformers';
import type { AudioEncoder } from './audio-encoder';
import { expectWindows } from './expect-windows';
import { samplesOf, type Window } from './window';

interface Values {
  readonly data: unknown; // Float32Array
  readonly dims: readonly number[];
}

/** A feature extractor of transformers.js. */
type FeatureExtractor = (samples: Float32Array) => Promise<Record<string, Values & { readonly data: Float32Array }>>;

export const loadExtractor = async (folder: ModelFolder): Promise<FeatureExtractor> =>
  (await (await loadTransformers()).AutoFeatureExtractor.from_pretrained(folder.path, { local_files_only: true })) as never;

/** A network of the hub, fed by transformers.js' own feature extractor. */
interface WindowNetwork extends Window {
  readonly audioDim: number;
  readonly sampleRate: number;
  readonly session: InferenceSession;
  vectorOf(samples: Float32Array): Promise<Values>; // [1, audioDim] of one window
}

/** CLAP or AST: one window at a time, as a spectrogram of 10 s is large, and a window's vector does not depend on the others in its batch. */
export class WindowEncoder implements AudioEncoder {
  private constructor(private readonly network: WindowNetwork) {}

  /** Checks the network of `file` on a second of silence. Throws where it does not give what config.json says. */
  static async load(file: string, network: WindowNetwork): Promise<WindowEncoder> {
    const { dims } = await network.vectorOf(new Float32Array(network.sampleRate));
    if (dims.join() === `1,${network.audioDim}`) return new WindowEncoder(network);
    throw new Error(`${file}: of one window it gives [${dims}], expected [1, ${network.audioDim}] by config.json`);
  }

  get audioDim(): number {
    return this.network.audioDim;
  }

  get sampleRate(): number {
    return this.network.sampleRate;
  }

  get windowSeconds(): number {
    return this.network.windowSeconds;
  }

  async encode(sound: Sound, segmentStarts: readonly number[], file = 'given'): Promise<Float32Array> {
    const result = new Float32Array(segmentStarts.length * this.audioDim);
    expectWindows(sound, segmentStarts, this, file);
    for (const [segment, second] of segmentStarts.entries()) {
      const { data } = await this.network.vectorOf(samplesOf(sound, second, this.network));
      result.set(data as Float32Array, segment * this.audioDim);
    }
    return result;
  }

  async close(): Promise<void> {
    await this.network.session.release();
  }
}
