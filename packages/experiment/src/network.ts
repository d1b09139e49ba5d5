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
  refuseHeads(model, sizes);
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

/** The question's words are attended to in the width of the text encoder's features, which only these tell; model.dim is checked before. */
function refuseHeads({ heads, question, inputs, tsgPlus }: Experiment['model'], { joint }: DataSizes): void {
  const attends = question.encoder === 'clip' && inputs.video && tsgPlus.grounding && tsgPlus.textQuery;
  if (!attends || joint % heads === 0) return;
  throw new RangeError(`model.heads is ${heads}, expected a divisor of ${joint} too, the width of the text features (features.clip)`);
}
