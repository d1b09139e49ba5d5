import { MatchHead, type MatchHeadParameters, previousVideo } from '@tass/losses';
import type { DataSizes, Intervention } from '@tass/network';
import { type LinearParameters, type Random, type RowOrder, Linear, Projection, batchedMatMul, inverseLengths, permutedRows, tf, unitLength } from '@tass/tensor'; // prettier-ignore
import { FeedForward, type FeedForwardParameters } from './feed-forward';
import { type LinearOfTwo, initialValues } from './initial-values';

/** What ST-AVQA trains first, on pictures and sounds alone, and TJSTG starts from. */
export interface GroundingParameters {
  readonly regions?: LinearParameters; // [regionDim] -> [dim]
  readonly audio: FeedForwardParameters; // [audioDim] -> [dim] -> [dim]
  readonly segment: LinearOfTwo; // the average of the regions and what is grounded, each [dim] -> [dim]
  readonly matchHead: MatchHeadParameters;
}
export interface GroundedSegments {
  readonly visual: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly negative?: tf.Tensor4D; // [videos, questions or 1, time, dim], the same queries on the pictures of other videos
  readonly cosines: tf.Tensor4D; // [videos, time, queries, regions]
  readonly map: tf.Tensor4D; // [videos, time, questions or 1, regions], the shares that pooled the regions
}

type MapOf = (cosines: tf.Tensor4D) => tf.Tensor4D;

/** The map that an intervention leaves of another: equal shares where it makes maps uniform. */
export function mapUnder(intervention: Intervention | undefined, mapOf: MapOf): MapOf {
  if (intervention !== 'uniform-map') return mapOf;
  return (cosines) => {
    const { shape } = mapOf(cosines);
    return tf.fill(shape, 1 / shape[3]);
  };
}

/**
 * Spatial grounding of ST-AVQA and TJSTG. (code): m = mean of the regions, g = sum_i p_i r_i / |r_i|, v = W tanh([m; g]).
 * W is held in two parts. A region's length divides its cosines and its share, not the region, and the sum and the mean are one product: regions
 * are read as they are. A negative is the picture of another segment of the batch, so its query goes where the picture is.
 * (ours) where regions have another width than `dim`, a linear map comes before.
 */
export const Grounding = {
  initialize(dim: number, { regionDim, audioDim }: DataSizes, random: Random): GroundingParameters {
    return {
      ...(regionDim === dim ? {} : { regions: Linear.initialize({ from: regionDim!, to: dim }, random.fork('regions')) }),
      audio: FeedForward.initialize({ from: audioDim!, dim }, random.fork('audio')),
      segment: initialValues.linearOfTwo({ from: dim, to: dim }, random.fork('segment')),
      matchHead: initialValues.matchHead({ dim }, random.fork('matchHead')),
    };
  },

  /** queries: [videos, time, queries, dim]. `mapOf` gives shares of cosines: [videos, time, queries, regions] -> [videos, time, questions or 1, regions]. */
  forward(
    parameters: Pick<GroundingParameters, 'regions' | 'segment'>,
    { regions: given, queries, negatives }: { readonly regions: tf.Tensor4D; readonly queries: tf.Tensor4D; readonly negatives?: RowOrder },
    mapOf: MapOf,
  ): GroundedSegments {
    return tf.tidy(() => {
      const regions = parameters.regions ? Linear.forward(parameters.regions, given) : given;
      const [videos, time, count, dim] = regions.shape;
      const inverse = tf.reshape(inverseLengths(regions), [videos, time, 1, count]);
      const own = unitLength(queries);
      const asked = negatives ? tf.concat([own, inRowsOf(negatives.inverse, negatives.order, own)], 2) : own;
      const all = tf.mul(batchedMatMul(asked, regions, true), inverse); // [videos, time, queries of both, regions]
      const cosines = (negatives ? tf.split(all, 2, 2) : [all]) as tf.Tensor4D[];
      const maps = cosines.map(mapOf); // each [videos, time, questions or 1, regions]
      const uniform = tf.fill([videos, time, 1, count], 1 / count);
      const pooled = batchedMatMul(tf.concat([uniform, ...maps.map((map) => tf.mul(map, inverse))], 2), regions);
      const [average, grounded] = tf.split(pooled, [1, pooled.shape[2]! - 1], 2); // [videos, time, 1, dim] and one for each map
      const { first, second } = parameters.segment;
      const visual = tf.add(Linear.forward(first, tf.tanh(average)), Projection.forward(second, tf.tanh(grounded))) as tf.Tensor4D;
      const questionsFirst = (x: tf.Tensor4D): tf.Tensor4D =>
        x.shape[2] === 1 ? tf.reshape(x, [videos, 1, time, dim]) : tf.transpose(x, [0, 2, 1, 3]);
      const found = { cosines: cosines[0], map: maps[0] };
      if (negatives === undefined) return { ...found, visual: questionsFirst(visual) };
      const [true_, negative] = tf.split(visual, 2, 2) as tf.Tensor4D[];
      return { ...found, visual: questionsFirst(true_), negative: questionsFirst(inRowsOf(negatives.order, negatives.inverse, negative)) };
    });
  },

  /** Cross-entropy of the match head over true and negative segments of the questions whose mask is 1. `audio`: [videos, time, dim]. */
  matchLoss(
    { matchHead }: Pick<GroundingParameters, 'matchHead'>,
    audio: tf.Tensor3D,
    { visual, negative }: GroundedSegments,
    mask: tf.Tensor2D,
  ): tf.Scalar | undefined {
    if (negative === undefined) return undefined;
    return tf.tidy(() => MatchHead.loss(matchHead, { audio, visual, mismatched: previousVideo(negative), mask })); // its row v meets sound v - 1
  },
};

/** Segment rows [videos, time, ...] in another order. */
function inRowsOf(order: tf.Tensor1D, inverse: tf.Tensor1D, x: tf.Tensor4D): tf.Tensor4D {
  const [videos, time, count, dim] = x.shape;
  return tf.reshape(permutedRows(tf.reshape(x, [videos * time, count * dim]), { order, inverse }), [videos, time, count, dim]);
}
