import type { Question } from '@tass/dataset-music-avqa';
import { findTruth, readTruth, TruthError, type TruthFile } from '@tass/evaluation';
import type { ExperimentData } from '@tass/experiment';
import type { Truth } from '@tass/question-page';

interface OpenedTruth {
  readonly truth?: TruthFile;
  readonly notice?: string; // for the reader, if it cannot be used or its annotations are unknown
}

/** The truth next to the annotations of a split. */
export function openTruth({ files }: Pick<ExperimentData, 'files'>, split: 'val' | 'test'): OpenedTruth {
  const { place, sha256, present } = files[split];
  const file = findTruth(place, split);
  if (file === undefined) return {};
  try {
    const truth = readTruth(file, present ? undefined : sha256); // with `present`, it differs from the file's
    const notice = 'Not checked: whether the truth belongs to these annotations. Its questions are matched by id.';
    return truth.isChecked ? { truth } : { truth, notice };
  } catch (error) {
    if (!(error instanceof TruthError)) throw error;
    return { notice: `The truth next to the annotations cannot be used: ${error.message.replace(`${file}: `, '')}` };
  }
}

/** The truth of a question; null if the file has none, or for other segments than the network's. */
export function truthOf({ id }: Question, truth: TruthFile | undefined, segments: number): Truth | null {
  const known = truth?.truths.get(id);
  if (known === undefined) return null;
  const { boxes, needed, sounding } = known;
  if ((boxes ?? needed ?? sounding)?.length !== segments) return null;
  return {
    boxes: boxes?.map((ofSegment) => ofSegment.map(({ sounding: sounds, ...sides }) => ({ ...sides, sounds: sounds === true }))) ?? null,
    needed: needed ?? null,
    sounding: sounding ?? null,
  };
}
