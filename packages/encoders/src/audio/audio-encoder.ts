import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type JsonFile, ModelFolder } from '../model/folder';
import { createSession } from '../model/session';
import type { EncoderIdentity } from '@tass/feature-store';
import { LogMel, type LogMelConfig } from './log-mel';
import type { Sound } from '@tass/media';

const modelFile = 'onnx/model.onnx';
const files = [modelFile, 'config.json', 'preprocessor_config.json'];

/** A frozen audio encoder on log-mel spectrograms: one vector for each second. */
export class AudioEncoder {
  private constructor(
    readonly audioDim: number,
    private readonly session: InferenceSession,
    private readonly logMel: LogMel,
    private readonly framesPerSegment: number,
  ) {}

  /**
   * Loads onnx/model.onnx and checks it on silence.
   * Throws when a file is missing, a key is, the hop does not divide a second, or the model's output is not [segments, audioDim].
   */
  static async load(path: string, threads = 1): Promise<AudioEncoder> {
    const folder = new ModelFolder(path);
    const file = `${path}/${modelFile}`;
    const { audioDim } = audioSizes(path);
    const config = logMelConfig(folder.json('preprocessor_config.json'));
    if (config.sampleRate % config.hopLength !== 0) {
      throw new Error(
        `${path}/preprocessor_config.json: hop_length is ${config.hopLength}, expected a divisor of sampling_rate ${config.sampleRate}: ` +
          'otherwise the frames drift away from the seconds they stand for. Export an encoder with another hop',
      );
    }
    const session = await createSession(folder.bytes(modelFile), file, threads);
    const encoder = new AudioEncoder(audioDim, session, new LogMel(config), config.sampleRate / config.hopLength);
    const { dims } = await encoder.run(new Float32Array(encoder.framesPerSegment * config.melBins), 1);
    if (dims.join() !== `1,${audioDim}`)
      throw new Error(`${file}: of one second it gives [${dims}], expected [1, ${audioDim}] by config.json`);
    return encoder;
  }

  /**
   * The vectors of the seconds at which segments start: [segments, audioDim]. Each second's last window reaches into the next one.
   * Throws, naming `file`, for a sound of another sample rate or too short by more than a tenth of a second.
   */
  async encode({ samples, sampleRate }: Sound, segmentStarts: readonly number[], file = 'given'): Promise<Float32Array> {
    const { config } = this.logMel;
    if (sampleRate !== config.sampleRate) {
      throw new Error(
        `encoders: sound ${file} has ${sampleRate} samples a second, the encoder takes ${config.sampleRate}. Resample it, e.g. ffmpeg -i ${file} -ar ${config.sampleRate} <new file>`,
      );
    }
    const least = Math.max(...segmentStarts) + 1;
    if (samples.length < (least - 0.1) * sampleRate) {
      throw new Error(`encoders: sound ${file} lasts ${(samples.length / sampleRate).toFixed(2)} s, expected ${least} s. Extract it again`);
    }
    const frames = this.framesPerSegment;
    const spectrogram = new Float32Array(segmentStarts.length * frames * config.melBins);
    segmentStarts.forEach((second, segment) =>
      spectrogram.set(this.logMel.compute(samples.subarray(second * sampleRate), frames), segment * frames * config.melBins),
    );
    return Float32Array.from((await this.run(spectrogram, segmentStarts.length)).data as Float32Array);
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private async run(spectrogram: Float32Array, segments: number) {
    const [input] = this.session.inputNames;
    const [output] = this.session.outputNames;
    const shape = [segments, this.framesPerSegment, this.logMel.config.melBins];
    return (await this.session.run({ [input]: new Tensor('float32', spectrogram, shape) }))[output];
  }
}

/** What config.json says of an audio encoder. */
export const audioSizes = (path: string): { readonly audioDim: number } => ({
  audioDim: new ModelFolder(path).json('config.json').number('hidden_size'),
});

/** Who audio features come from. */
export function audioIdentity(path: string): EncoderIdentity {
  const folder = new ModelFolder(path);
  return { name: folder.name, digest: folder.digest(files), readOuts: {}, preprocessing: {} };
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
  };
}
