import { Tensor } from 'onnxruntime-node';
import { ModelFolder } from '../model/folder';
import { createSession } from '../model/session';
import { OnnxGraph } from '@tass/onnx';
import { pooledOutput } from '../onnx/pooled-output';
import type { AudioKind, AudioOptions } from './audio-encoder';
import { hiddenSizes } from './sizes';
import { longestWindow, type Window } from './window';
import { loadExtractor, rowsOf, WindowEncoder } from './window-encoder';

const modelFile = 'onnx/model.onnx';

/**
 * The audio spectrogram transformer (AST, arXiv 2104.01778), through transformers.js' own feature extractor: each segment by its first second,
 * padded to `max_length` frames, or by the ten seconds around it, the length of AudioSet's clips that it was trained on. Its vector is the mean
 * of the class and the distillation token behind the last LayerNorm, transformers' `pooler_output`; of a classifier what its head reads.
 */
export const ast: AudioKind = { files: [modelFile, 'config.json', 'preprocessor_config.json'], sizes: hiddenSizes, window, load };

function window({ window }: AudioOptions): Window {
  return window === 'around' ? { windowSeconds: longestWindow, around: true } : { windowSeconds: 1, around: false };
}

async function load(path: string, options: AudioOptions): Promise<WindowEncoder> {
  const folder = new ModelFolder(path);
  const { audioDim, sampleRate } = hiddenSizes(folder);
  expectFrontEnd(folder);
  const extract = await loadExtractor(folder);
  const file = `${path}/${modelFile}`;
  const graph = new OnnxGraph(folder.graph(modelFile), file);
  const output = pooledOutput(graph);
  const session = await createSession(graph.encode(), file, options);
  const network = {
    ...{ audioDim, sampleRate, session, ...window(options) },
    async vectorsOf(windows: readonly Float32Array[]) {
      const input = await rowsOf(windows, async (samples) => {
        const { data, dims } = (await extract(samples)).input_values;
        return new Tensor('float32', data, dims);
      });
      try {
        return (await session.run({ [session.inputNames[0]]: input }, [output]))[output];
      } catch (cause) {
        if ((options.provider ?? 'cpu') !== 'cpu') throw cause;
        throw new Error(
          `${file}: takes no window of [${input.dims}], as preprocessor_config.json makes them (${(cause as Error).message.replace(/\s+/g, ' ')})`,
          {
            cause,
          },
        );
      }
    },
  };
  return WindowEncoder.load(file, network, options);
}

/** transformers.js reads NaN or false where a key is missing for which Python has a default, and the graph takes one number of frames only. */
function expectFrontEnd(folder: ModelFolder): void {
  const [config, frontEnd] = [folder.json('config.json'), folder.json('preprocessor_config.json')];
  for (const key of ['mean', 'std']) frontEnd.number(key);
  const expected: Readonly<Record<string, readonly unknown[]>> = {
    feature_extractor_type: ['ASTFeatureExtractor'],
    do_normalize: [true, false],
    num_mel_bins: [config.number('num_mel_bins')],
    max_length: [config.number('max_length')],
  };
  for (const [key, values] of Object.entries(expected)) {
    const value = frontEnd.get(key);
    if (values.includes(value)) continue;
    throw new Error(
      `${frontEnd.path}: ${key} is ${JSON.stringify(value) ?? 'missing'}, expected ${values.join(' or ')}, as config.json and transformers have it. Fetch the model again`,
    );
  }
}
