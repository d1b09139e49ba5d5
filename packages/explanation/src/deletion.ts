import { seededRandom, shuffled } from '@tass/dataset-music-avqa';
import { byWeight, CURVE_SHARES, type CurvePart, type Looked } from '@tass/evaluation';
import { keptPlaces, weightsOf, withBlanks, type Blanks } from '@tass/experiment';
import type { NetworkBatch } from '@tass/network';
import type { DeletionCurve } from '@tass/question-page';
import { repeated } from './rows';

const DRAWS = 5;

/** One question with more and more of its input removed: rows of one batch, and the curve of their probabilities. */
export interface Deletion {
  readonly inputs: NetworkBatch;
  curve(whole: number, ofRows: readonly number[]): DeletionCurve;
}

const SOME = CURVE_SHARES.filter((share) => share > 0 && share < 1);

/**
 * Undefined if the network has no weights for this part; call this in a tidy. `inputs`: one row, of the question; `seed`: for the random
 * orders.
 */
export function deletion(inputs: NetworkBatch, looked: Looked, blanks: Blanks, part: CurvePart, seed: number): Deletion | undefined {
  const weights = weightsOf(looked, inputs)[part];
  return weights && deletionBy(weights, inputs, blanks, part, seed);
}

/** Rows: everything removed; then, for each order, the shares in between. The first order is that of attention. */
function deletionBy(weights: readonly Float32Array[], inputs: NetworkBatch, blanks: Blanks, part: CurvePart, seed: number): Deletion {
  const random = seededRandom(seed);
  const attended = weights.map(byWeight);
  const orders = [attended, ...Array.from({ length: DRAWS }, () => attended.map((places) => shuffled(places, random)))];
  const keptOf = (order: readonly number[][], share: number) => order.map((places) => keptPlaces(places, 'deletion', share));
  const kept = [keptOf(attended, 1), ...orders.flatMap((order) => SOME.map((share) => keptOf(order, share)))];
  const changed = withBlanks(inputs, blanks, part, kept.flat());
  return {
    inputs: repeated({ ...inputs, ...changed }, kept.length),
    curve(whole, [empty, ...between]) {
      const ofOrder = (order: number): number[] => [whole, ...between.slice(order * SOME.length, (order + 1) * SOME.length), empty];
      return {
        part,
        removed: CURVE_SHARES,
        deletion: ofOrder(0),
        random: Array.from({ length: DRAWS }, (_, draw) => ofOrder(draw + 1)),
      };
    },
  };
}
