import { ANSWERS } from '@tass/dataset-music-avqa';
import { Tass, type TassConfig, type TassParameters } from '@tass/tass';
import { Random } from '@tass/tensor';
import type { DataSizes } from './features/open-features';
import type { Experiment } from './schema';

export interface Network {
  readonly config: TassConfig;
  readonly parameters: TassParameters;
}

/** The network of an experiment with its initial values: switches from the configuration, sizes from the data. */
export function buildNetwork({ model, seed }: Experiment, sizes: DataSizes, vocabularySize: number): Network {
  const config: TassConfig = {
    dim: model.dim,
    joint: sizes.joint,
    visualDim: sizes.visualDim,
    audioDim: sizes.audioDim,
    heads: model.heads,
    time: sizes.time,
    answers: ANSWERS.length,
    dropout: model.dropout,
    inputs: model.inputs,
    question: { ...model.question, vocabulary: vocabularySize },
    tsgPlus: { ...model.tsgPlus, logitScale: sizes.logitScale },
    jtg: model.jtg,
    match: model.match,
  };
  return { config, parameters: Tass.initialize(config, Random.fromSeed(seed).fork('parameters')) };
}
