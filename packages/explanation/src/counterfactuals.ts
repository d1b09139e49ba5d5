import { seededRandom, shuffled, type Question } from '@tass/dataset-music-avqa';
import type { BatchSource, Blanks } from '@tass/experiment';
import type { NetworkBatch } from '@tass/network';
import type { Counterfactual } from '@tass/question-page';
import { tf } from '@tass/tensor';
import { otherTarget } from './other-target';
import { loadRows } from './rows';

/** An altered input, of one video and one question. */
export interface Altered extends Omit<Counterfactual, 'answers'> {
  readonly inputs: NetworkBatch;
}

const BLANKED = 'becomes the mean feature of some training videos in every segment';

/** The possible alterations of a question's input; call this in a tidy. `inputs`: one row, of the question. */
export function alterations(inputs: NetworkBatch, question: Question, source: BatchSource, blanks: Blanks): Altered[] {
  const { audio, audioPatches, regions, frames } = inputs;
  const blank = <Rank extends tf.Tensor>(name: keyof Blanks, features: Rank): Rank =>
    tf.broadcastTo(tf.tensor1d(blanks[name]!), features.shape) as Rank;
  const time = (regions ?? audio)?.shape[1] ?? 0;
  const order = shuffled([...Array(time).keys()], seededRandom(1));
  const reordered = <Rank extends tf.Tensor>(features: Rank): Rank => tf.gather(features, tf.tensor1d(order, 'int32'), 1) as Rank;
  const other = otherTarget(question, source);
  return [
    ...(audio
      ? [
          {
            ...({ kind: 'no-sound', name: 'Sound muted', method: `The sound ${BLANKED}.` } as const),
            inputs: {
              ...inputs,
              audio: blank('audio', audio),
              ...(audioPatches && { audioPatches: blank('audioPatches', audioPatches) }),
            },
          },
        ]
      : []),
    ...(regions && frames
      ? [
          {
            ...({ kind: 'no-picture', name: 'Picture blanked', method: `The picture ${BLANKED}.` } as const),
            inputs: { ...inputs, regions: blank('regions', regions), frames: blank('frames', frames) },
          },
        ]
      : []),
    ...(time > 1
      ? [
          {
            ...({ kind: 'shuffled-segments', name: 'Segments shuffled' } as const),
            method: `Sound and picture keep together; the segments come in the order ${order.map((segment) => segment + 1).join(', ')}.`,
            inputs: {
              ...inputs,
              ...(audio && { audio: reordered(audio) }),
              ...(audioPatches && { audioPatches: reordered(audioPatches) }),
              ...(regions && { regions: reordered(regions) }),
              ...(frames && { frames: reordered(frames) }),
            },
          },
        ]
      : []),
    ...(other
      ? [
          {
            ...({ kind: 'other-target', name: `“${other.from}” replaced by “${other.to}”` } as const),
            method: `The question becomes: ${other.question.text}?`,
            inputs: loadRows([other.question], source).inputs,
          },
        ]
      : []),
  ];
}
