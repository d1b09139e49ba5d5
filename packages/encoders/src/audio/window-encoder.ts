import type { Sound } from '@tass/media';
import { Tensor } from 'onnxruntime-node';
import type { ModelFolder } from '../model/folder';
import type { Session, SessionOptions } from '../model/session';
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

/** What an extractor makes of each window, as the rows of one tensor. */
export async function rowsOf(windows: readonly Float32Array[], extract: (samples: Float32Array) => Promise<Tensor>): Promise<Tensor> {
  const each: Tensor[] = [];
  for (const samples of windows) each.push(await extract(samples));
  const [{ dims, data }] = each;
  if (each.length === 1) return each[0];
  const rows = new Float32Array(each.length * data.length);
  each.forEach((row, index) => rows.set(row.data as Float32Array, index * data.length));
  return new Tensor('float32', rows, [each.length, ...dims.slice(1)]);
}

/** A network of the hub, fed by transformers.js' own feature extractor. */
interface WindowNetwork extends Window {
  readonly audioDim: number;
  readonly sampleRate: number;
  readonly session: Session;
  vectorsOf(windows: readonly Float32Array[]): Promise<Values>; // [windows, audioDim]
}

const windowsAPass = 8; // on a device that many at once keep busy

/**
 * CLAP or AST. On the CPU one window at a time, as a spectrogram of 10 s is large, and a window's vector does not depend on the others in its
 * pass; elsewhere several, where the model takes them.
 */
export class WindowEncoder implements AudioEncoder {
  private constructor(
    private readonly network: WindowNetwork,
    private readonly windowsAPass: number,
  ) {}

  /** Checks the network of `file` on a second of silence. Throws where it does not give what config.json says. */
  static async load(file: string, network: WindowNetwork, { provider = 'cpu' }: SessionOptions): Promise<WindowEncoder> {
    const { dims } = await network.vectorsOf([new Float32Array(network.sampleRate)]);
    const [input] = network.session.inputMetadata;
    const takesMany = input.isTensor && typeof input.shape[0] !== 'number';
    if (dims.join() === `1,${network.audioDim}`) return new WindowEncoder(network, takesMany && provider !== 'cpu' ? windowsAPass : 1);
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
    for (let first = 0; first < segmentStarts.length; first += this.windowsAPass) {
      const some = segmentStarts.slice(first, first + this.windowsAPass);
      const { data } = await this.network.vectorsOf(some.map((second) => samplesOf(sound, second, this.network)));
      result.set(data as Float32Array, first * this.audioDim);
    }
    return result;
  }

  async close(): Promise<void> {
    await this.network.session.release();
  }
}
