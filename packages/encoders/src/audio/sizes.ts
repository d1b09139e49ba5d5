import type { ModelFolder } from '../model/folder';

/** What an encoder of sound takes and gives. */
export interface AudioSizes {
  readonly audioDim: number;
  readonly sampleRate: number; // in Hz
}

/** The sizes of a model that gives its hidden state. */
export const hiddenSizes = (folder: ModelFolder): AudioSizes => ({
  audioDim: folder.json('config.json').number('hidden_size'),
  sampleRate: folder.json('preprocessor_config.json').number('sampling_rate'),
});
