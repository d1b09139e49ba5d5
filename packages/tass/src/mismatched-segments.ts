import { previousVideo } from '@tass/losses';
import { tf } from '@tass/tensor';
import type { GroundedSegments, TargetAwareSpatialGroundingInputs } from '@tass/tsg-plus';

export type Queries = Pick<TargetAwareSpatialGroundingInputs, 'target' | 'audio'>;
export interface WithMismatched {
  readonly segments: GroundedSegments; // the picture grounded by the video's own questions and sound
  readonly mismatched: tf.Tensor4D; // [videos, questions or 1, time, dim], grounded by those of the previous video in the batch
}

/** The inputs of the match head for every question. Both kinds of queries share the axis of questions, so that `ground` reads the regions once for both. */
export function withMismatched(ground: (queries: Queries) => GroundedSegments, { target, audio }: Queries): WithMismatched {
  const withPrevious = <Rank extends tf.Tensor>(own: Rank): Rank => tf.concat([own, previousVideo(own)], 1) as Rank; // [videos, 2 * questions, ...]
  const {
    visual: both,
    grounded,
    map,
    textMap,
    audioMap,
  } = ground({
    target: target && withPrevious(target),
    audio: audio && withPrevious(audio),
  });
  const [visual, mismatched] = tf.split(both, 2, 1) as tf.Tensor4D[];
  const own = <Part extends tf.Tensor4D | undefined>(part: Part): Part => part && (tf.split(part, 2, 1)[0] as Part);
  return { segments: { visual, grounded: own(grounded), map: own(map), textMap: own(textMap), audioMap: own(audioMap) }, mismatched };
}

/** The inputs of the match head for the first question of each video, so that the mismatched pictures are grounded once a video. */
export function withFirstMismatched(ground: (queries: Queries) => GroundedSegments, own: Queries): WithMismatched {
  const target = own.target && previousVideo(firstQuestion(own.target));
  return { segments: ground(own), mismatched: ground({ target, audio: own.audio && previousVideo(own.audio) }).visual };
}

/** [videos, questions, ...] -> [videos, 1, ...] */
export function firstQuestion<Rank extends tf.Tensor>(x: Rank): Rank {
  const sizes = x.shape.map((size, axis) => (axis === 1 ? 1 : size));
  return tf.slice(x, Array<number>(x.rank).fill(0), sizes);
}
