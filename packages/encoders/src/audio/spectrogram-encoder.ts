import { Tensor } from 'onnxruntime-node';
import type { Sound } from '@tass/media';
import { type JsonFile, ModelFolder } from '../model/folder';
import { createSession, type Session, type SessionOptions } from '../model/session';
import type { AudioEncoder, AudioKind } from './audio-encoder';
import { LogMel, type LogMelConfig } from './log-mel';
import { expectWindows } from './expect-windows';
import { hiddenSizes } from './sizes';

const modelFile = 'onnx/model.onnx';

/**
 * A network on the log-mel spectrogram of each segment's window: VGGish, and the embedded world's tiny encoder.
 * VGGish takes 96 frames every 10 ms: its window is 0.96 s, and the last frame reaches to 0.975 s.
 */
class SpectrogramEncoder implements AudioEncoder {
  private constructor(
    readonly audioDim: number,
    private readonly session: Session,
    private readonly logMel: LogMel,
    private readonly frames: number, // of a window
    private readonly hasChannel: boolean, // the model takes [segments, 1, frames, bands], as VGGish
  ) {}

  /** Loads onnx/model.onnx and checks it on silence. Throws as `loadAudioEncoder` does. */
  static async load(path: string, options: SessionOptions): Promise<SpectrogramEncoder> {
    const folder = new ModelFolder(path);
    const { audioDim } = hiddenSizes(folder);
    const preprocessor = folder.json('preprocessor_config.json');
    const logMel = new LogMel(logMelConfig(preprocessor));
    const frames = framesOf(preprocessor, logMel.config);
    const session = await createSession(folder.graph(modelFile), `${path}/${modelFile}`, options);
    const [input] = session.inputMetadata;
    const encoder = new SpectrogramEncoder(audioDim, session, logMel, frames, input.isTensor && input.shape.length === 4);
    const { dims } = await encoder.run(new Float32Array(frames * logMel.config.melBins), 1);
    if (dims.join() !== `1,${audioDim}`)
      throw new Error(`${path}/${modelFile}: of one window it gives [${dims}], expected [1, ${audioDim}] by config.json`);
    return encoder;
  }

  get sampleRate(): number {
    return this.logMel.config.sampleRate;
  }

  /** From the first sample of the first frame to that of the frame behind the last: the last frame reaches a little further. */
  get windowSeconds(): number {
    return (this.frames * this.logMel.config.hopLength) / this.sampleRate;
  }

  async encode(sound: Sound, segmentStarts: readonly number[], file = 'given'): Promise<Float32Array> {
    const { frames, logMel } = this;
    const { hopLength, windowLength, melBins } = logMel.config;
    expectWindows(sound, segmentStarts, this, file);
    const read = (frames - 1) * hopLength + windowLength; // samples
    const spectrogram = new Float32Array(segmentStarts.length * frames * melBins);
    segmentStarts.forEach((second, segment) => {
      const start = second * this.sampleRate;
      spectrogram.set(logMel.compute(sound.samples.subarray(start, start + read), frames), segment * frames * melBins);
    });
    return Float32Array.from((await this.run(spectrogram, segmentStarts.length)).data as Float32Array);
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private async run(spectrogram: Float32Array, segments: number) {
    const [input] = this.session.inputNames;
    const [output] = this.session.outputNames;
    const shape = [segments, ...(this.hasChannel ? [1] : []), this.frames, this.logMel.config.melBins];
    return (await this.session.run({ [input]: new Tensor('float32', spectrogram, shape) }))[output];
  }
}

export const spectrogramNetwork: AudioKind = {
  files: [modelFile, 'config.json', 'preprocessor_config.json'],
  sizes: hiddenSizes,
  load: (path, options) => SpectrogramEncoder.load(path, options),
};

/** `frames_per_segment`; without it as many as a second has. */
function framesOf(json: JsonFile, { sampleRate, hopLength }: LogMelConfig): number {
  if (json.get('frames_per_segment') !== undefined) return json.number('frames_per_segment');
  if (sampleRate % hopLength === 0) return sampleRate / hopLength;
  throw new Error(
    `${json.path}: hop_length is ${hopLength}, expected a divisor of sampling_rate ${sampleRate}, or frames_per_segment: how many frames the model takes`,
  );
}

function logMelConfig(json: JsonFile): LogMelConfig {
  return {
    sampleRate: json.number('sampling_rate'),
    windowLength: json.number('window_length'),
    hopLength: json.number('hop_length'),
    fftLength: json.number('fft_length'),
    melBins: json.number('mel_bins'),
    minHertz: json.number('min_hertz'),
    maxHertz: json.number('max_hertz'),
    logOffset: json.number('log_offset'),
    periodicWindow: json.get('periodic_window') === true,
  };
}
