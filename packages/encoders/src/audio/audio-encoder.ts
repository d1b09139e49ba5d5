import type { EncoderIdentity } from '@tass/feature-store';
import type { Sound } from '@tass/media';
import { ModelFolder } from '../model/folder';
import type { SessionOptions } from '../model/session';
import { ast } from './ast';
import { clap } from './clap';
import type { AudioSizes } from './sizes';
import { spectrogramNetwork } from './spectrogram-encoder';
import type { AudioWindow, Window } from './window';

/** A frozen audio encoder: one vector for each segment, of the sound in the window of its second. */
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

export interface AudioOptions extends SessionOptions {
  readonly window?: AudioWindow; // default segment
  readonly segmentSeconds?: number; // what CLAP hears of a segment, at most 10; default 1. Others have windows of their own
}

/** A kind of audio encoders, and what it reads in a folder in the hub's layout. */
export interface AudioKind {
  readonly files: readonly string[];
  sizes(folder: ModelFolder): AudioSizes;
  /** Undefined: the files fix the window. */
  window?(options: AudioOptions): Window;
  load(path: string, options: AudioOptions): Promise<AudioEncoder>;
}

/** `model_type` of config.json tells CLAP and AST; all others are networks on log-mel spectrograms, such as VGGish, by preprocessor_config.json. */
function kindOf(folder: ModelFolder): AudioKind {
  const type = String(folder.json('config.json').get('model_type'));
  if (type.startsWith('clap')) return clap;
  return type === 'audio-spectrogram-transformer' ? ast : spectrogramNetwork;
}

/** The files of an audio encoder that `loadAudioEncoder` reads, once its config.json is there. */
export const audioFiles = (path: string): readonly string[] => kindOf(new ModelFolder(path)).files;

/**
 * Loads an audio encoder from a folder in the hub's layout.
 * Throws when a file is missing, a key is, the model's output is not what config.json says, or the encoder does not have that window.
 */
export function loadAudioEncoder(path: string, options: AudioOptions = {}): Promise<AudioEncoder> {
  windowOf(new ModelFolder(path), options);
  return kindOf(new ModelFolder(path)).load(path, options);
}

/** What the files of an audio encoder say of it. */
export function audioSizes(path: string): AudioSizes {
  const folder = new ModelFolder(path);
  return kindOf(folder).sizes(folder);
}

/** Who audio features come from: everything that changes a value changes this. Throws when the encoder does not have that window. */
export function audioIdentity(path: string, options: Omit<AudioOptions, keyof SessionOptions> = {}): EncoderIdentity {
  const folder = new ModelFolder(path);
  const window = windowOf(folder, options);
  const preprocessing = window ? { windowSeconds: window.windowSeconds, ...(window.around ? { around: true } : {}) } : {};
  const files = kindOf(folder).files.flatMap((file) => folder.withWeights(file));
  return { name: folder.name, digest: folder.digest(files), readOuts: {}, preprocessing };
}

function windowOf(folder: ModelFolder, options: AudioOptions): Window | undefined {
  const window = kindOf(folder).window?.(options);
  if (window || options.window !== 'around') return window;
  throw new Error(
    `the audio encoder ${folder.path} has a window of its own, and features.audioWindow=around is for CLAP and AST. Set features.audioWindow=segment`,
  );
}
