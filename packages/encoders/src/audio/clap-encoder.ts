import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Sound } from '@tass/media';
import { ModelFolder } from '../model/folder';
import { createSession } from '../model/session';
import { loadTransformers } from '../model/transformers';
import type { AudioEncoder } from './audio-encoder';
import { expectWindows } from './expect-windows';

const modelFile = 'onnx/audio_model.onnx';
const longest = 10; // seconds that CLAP takes

/** A feature extractor of transformers.js. */
type FeatureExtractor = (samples: Float32Array) => Promise<{ readonly input_features: { readonly data: Float32Array; readonly dims: readonly number[] } }>; // prettier-ignore

/**
 * CLAP's audio tower in the joint space of sounds and texts, through transformers.js' own feature extractor: each segment by all of its
 * sound up to 10 s. A shorter window is repeated to 10 s and padded with silence, as CLAP was trained (`repeatpad`).
 */
export class ClapEncoder implements AudioEncoder {
  private constructor(
    readonly audioDim: number,
    readonly sampleRate: number,
    readonly windowSeconds: number,
    private readonly session: InferenceSession,
    private readonly extract: FeatureExtractor,
  ) {}

  static readonly files = [modelFile, 'config.json', 'preprocessor_config.json'];

  static windowSeconds(segmentSeconds: number): number {
    return Math.min(segmentSeconds, longest);
  }

  static sizes(path: string): { readonly audioDim: number; readonly sampleRate: number } {
    const folder = new ModelFolder(path);
    const config = folder.json('config.json');
    return {
      audioDim: config.get('projection_dim') === undefined ? config.number('audio_config.projection_dim') : config.number('projection_dim'),
      sampleRate: folder.json('preprocessor_config.json').number('sampling_rate'),
    };
  }

  /** Loads onnx/audio_model.onnx and checks it on silence. Throws as `loadAudioEncoder` does. */
  static async load(path: string, segmentSeconds: number, threads: number): Promise<ClapEncoder> {
    const folder = new ModelFolder(path);
    const { audioDim, sampleRate } = ClapEncoder.sizes(path);
    const { AutoFeatureExtractor } = await loadTransformers();
    const extract = (await AutoFeatureExtractor.from_pretrained(folder.path, { local_files_only: true })) as unknown as FeatureExtractor;
    const session = await createSession(folder.graph(modelFile), `${path}/${modelFile}`, threads);
    const encoder = new ClapEncoder(audioDim, sampleRate, ClapEncoder.windowSeconds(segmentSeconds), session, extract);
    const { dims } = await encoder.run(new Float32Array(sampleRate));
    if (dims.join() !== `1,${audioDim}`)
      throw new Error(`${path}/${modelFile}: of one window it gives [${dims}], expected [1, ${audioDim}] by config.json`);
    return encoder;
  }

  /** One window at a time: CLAP's spectrogram of 10 s is large, and a window's vector has the same bits whatever stands beside it. */
  async encode(sound: Sound, segmentStarts: readonly number[], file = 'given'): Promise<Float32Array> {
    const result = new Float32Array(segmentStarts.length * this.audioDim);
    expectWindows(sound, segmentStarts, this, file);
    for (const [segment, second] of segmentStarts.entries()) {
      const window = sound.samples.subarray(second * this.sampleRate, (second + this.windowSeconds) * this.sampleRate);
      result.set((await this.run(window)).data as Float32Array, segment * this.audioDim);
    }
    return result;
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private async run(samples: Float32Array) {
    const { data, dims } = (await this.extract(repeated(samples, longest * this.sampleRate))).input_features;
    const feeds = {
      input_features: new Tensor('float32', data, dims.length === 3 ? [1, ...dims] : dims),
      is_longer: new Tensor('bool', [false], [1, 1]),
    };
    const known = Object.entries(feeds).filter(([name]) => this.session.inputNames.includes(name));
    const outputs = await this.session.run(Object.fromEntries(known));
    return outputs.audio_embeds ?? outputs[this.session.outputNames[0]];
  }
}

/**
 * As often as it fits whole into `length` samples. transformers.js 4.3 repeats too, but once less than transformers in Python where the
 * sound fits exactly; of what is repeated already it leaves the number.
 */
function repeated(samples: Float32Array, length: number): Float32Array {
  const times = Math.max(1, Math.floor(length / samples.length));
  const result = new Float32Array(times * samples.length);
  for (let time = 0; time < times; time++) result.set(samples, time * samples.length);
  return result;
}
