import type { Experiment } from './schema';

/** Which features an experiment's network reads. */
export interface NeededFeatures {
  readonly video: boolean;
  readonly audio: boolean;
  readonly text: boolean;
}

export function neededFeatures({ model }: Pick<Experiment, 'model'>): NeededFeatures {
  return { ...model.inputs, text: model.question.encoder === 'clip' };
}
