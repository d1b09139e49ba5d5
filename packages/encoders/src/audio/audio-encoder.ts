import type { EncoderIdentity } from '@tass/feature-store';
import type { Sound } from '@tass/media';
import { ModelFolder } from '../model/folder';
import { ClapEncoder } from './clap-encoder';
import { SpectrogramEncoder } from './spectrogram-encoder';

/** A frozen audio encoder: one vector for each segment, of the sound from its second s to s + windowSeconds. */
export interface AudioEncoder {
  readonly audioDim: number;
  readonly sampleRate: number; // of the sound, in Hz
  readonly windowSeconds: number;
  /**
   * The vectors of the seconds at which segments start: [segments, audioDim].
   * Throws MediaError, naming `file`, for a sound of another sample rate or too short by more than a tenth of a second.
   */
  encode(sound: Sound, segmentStarts: readonly number[], file?: string): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface AudioOptions {
  readonly segmentSeconds?: number; // what CLAP hears of a segment, at most 10; default 1. Others have windows of their own
  readonly threads?: number; // of onnxruntime; default 1
}

/**
 * Loads an audio encoder from a folder in the hub's layout: `model_type` of config.json tells CLAP; all others are networks on log-mel
 * spectrograms, such as VGGish, whose front end preprocessor_config.json describes.
 * Throws when a file is missing, a key is, or the model's output is not what config.json says.
 */
export function loadAudioEncoder(path: string, { segmentSeconds = 1, threads = 1 }: AudioOptions = {}): Promise<AudioEncoder> {
  return isClap(path) ? ClapEncoder.load(path, segmentSeconds, threads) : SpectrogramEncoder.load(path, threads);
}

const isClap = (path: string): boolean => String(new ModelFolder(path).json('config.json').get('model_type')).startsWith('clap');

/** What the files of an audio encoder say of it. */
export const audioSizes = (path: string): { readonly audioDim: number; readonly sampleRate: number } =>
  isClap(path) ? ClapEncoder.sizes(path) : SpectrogramEncoder.sizes(path);

/** Who audio features come from: everything that changes a value changes this. */
export function audioIdentity(path: string, { segmentSeconds = 1 }: Pick<AudioOptions, 'segmentSeconds'> = {}): EncoderIdentity {
  const folder = new ModelFolder(path);
  const { files } = isClap(path) ? ClapEncoder : SpectrogramEncoder;
  const preprocessing = isClap(path) ? { windowSeconds: ClapEncoder.windowSeconds(segmentSeconds) } : {};
  return { name: folder.name, digest: folder.digest(files.flatMap((file) => folder.withWeights(file))), readOuts: {}, preprocessing };
}
