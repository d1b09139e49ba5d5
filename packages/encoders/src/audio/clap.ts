import { Tensor } from 'onnxruntime-node';
import { ModelFolder } from '../model/folder';
import { createSession } from '../model/session';
import type { AudioKind, AudioOptions } from './audio-encoder';
import type { AudioSizes } from './sizes';
import { longestWindow, type Window } from './window';
import { loadExtractor, rowsOf, WindowEncoder } from './window-encoder';

const modelFile = 'onnx/audio_model.onnx';

/**
 * CLAP's audio tower in the joint space of sounds and texts, through transformers.js' own feature extractor: each segment by all of its
 * sound up to 10 s. A shorter window is repeated to 10 s and padded with silence, as CLAP was trained (`repeatpad`).
 */
export const clap: AudioKind = { files: [modelFile, 'config.json', 'preprocessor_config.json'], sizes, window, load };

function sizes(folder: ModelFolder): AudioSizes {
  const config = folder.json('config.json');
  return {
    audioDim: config.get('projection_dim') === undefined ? config.number('audio_config.projection_dim') : config.number('projection_dim'),
    sampleRate: folder.json('preprocessor_config.json').number('sampling_rate'),
  };
}

function window({ window, segmentSeconds = 1 }: AudioOptions): Window {
  if (window === 'around') return { windowSeconds: longestWindow, around: true };
  return { windowSeconds: Math.min(segmentSeconds, longestWindow), around: false };
}

async function load(path: string, options: AudioOptions): Promise<WindowEncoder> {
  const folder = new ModelFolder(path);
  const { audioDim, sampleRate } = sizes(folder);
  const extract = await loadExtractor(folder);
  const file = `${path}/${modelFile}`;
  const session = await createSession(folder.graph(modelFile), file, options);
  const network = {
    ...{ audioDim, sampleRate, session, ...window(options) },
    async vectorsOf(windows: readonly Float32Array[]) {
      const features = await rowsOf(windows, async (samples) => {
        const { data, dims } = (await extract(repeated(samples, longestWindow * sampleRate))).input_features;
        return new Tensor('float32', data, dims.length === 3 ? [1, ...dims] : dims);
      });
      const isLonger = windows.map(() => false);
      const feeds = { input_features: features, is_longer: new Tensor('bool', isLonger, [windows.length, 1]) };
      const known = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
      const outputs = await session.run(Object.fromEntries(known));
      return outputs.audio_embeds ?? outputs[session.outputNames[0]];
    },
  };
  return WindowEncoder.load(file, network, options);
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
