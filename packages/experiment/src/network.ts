import type { TassConfig } from '@tass/tass';
import { ANSWERS } from '@tass/dataset-music-avqa';
import type { ExperimentData } from './data';
import type { Experiment } from './schema';

/** The network of an experiment: its switches from the configuration, its sizes from the data. */
export function networkConfig({ model }: Experiment, { sizes, vocabulary }: ExperimentData): TassConfig {
  return {
    dim: model.dim,
    joint: sizes.joint,
    audioDim: sizes.audioDim,
    heads: model.heads,
    time: sizes.time,
    answers: ANSWERS.length,
    dropout: model.dropout,
    inputs: model.inputs,
    question: { ...model.question, vocabulary: vocabulary.entries.length },
    tsgPlus: { ...model.tsgPlus, logitScale: sizes.logitScale },
    jtg: model.jtg,
    match: model.match,
  };
}
