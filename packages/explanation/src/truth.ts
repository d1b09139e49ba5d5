import type { Question } from '@tass/dataset-music-avqa';
import { findTruth, readTruth, TruthError, type TruthFile } from '@tass/evaluation';
import type { ExperimentData } from '@tass/experiment';
import type { Truth } from '@tass/question-page';

/** The truth next to the annotations of a split; a sentence for the reader where there is one that cannot be used. */
export function openTruth({ files }: Pick<ExperimentData, 'files'>, split: 'val' | 'test'): TruthFile | string | undefined {
  const { place, sha256, present } = files[split];
  const file = findTruth(place, split);
  if (file === undefined) return undefined;
  try {
    return readTruth(file, present ? undefined : sha256); // with `present` it is not the file's own
  } catch (error) {
    if (!(error instanceof TruthError)) throw error;
    return `The truth next to the annotations cannot be used: ${error.message.replace(`${file}: `, '')}`;
  }
}

/** Of one question; null where the file has none, or has it of other segments than the network sees. */
export function truthOf({ id }: Question, truth: TruthFile | string | undefined, segments: number): Truth | null {
  const known = typeof truth === 'object' ? truth.truths.get(id) : undefined;
  if (known === undefined) return null;
  const { boxes, needed, sounding } = known;
  if ((boxes ?? needed ?? sounding)?.length !== segments) return null;
  return {
    boxes: boxes?.map((ofSegment) => ofSegment.map(({ sounding: sounds, ...sides }) => ({ ...sides, sounds: sounds === true }))) ?? null,
    needed: needed ?? null,
    sounding: sounding ?? null,
  };
}
