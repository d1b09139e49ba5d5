import { type ProjectionParameters, Linear, clipAbove, tf, unitLength } from '@tass/tensor';
import type {
  TargetAwareSpatialGroundingConfig,
  TargetAwareSpatialGroundingInputs,
  TargetAwareSpatialGroundingParameters,
} from './target-aware-spatial-grounding';

type PlainInputs = Required<Omit<TargetAwareSpatialGroundingInputs, 'uniform'>> & Pick<TargetAwareSpatialGroundingInputs, 'uniform'>;

/**
 * TSG+, following its equations literally; specs compare the fast form with it. Every question has its own copy of the regions.
 *   m = softmax over regions of scale * cosine(region, query), for the target and for the sound; the target's scale is min(scale, 100), as CLIP
 *   clips its logit scale (arXiv 2103.00020, section 2.5); map = rescaled((m_text + m_audio) / 2), of `product` rescaled(p / sum over regions of p)
 *   with p = m_text * m_audio;
 *   g = sum over regions of map * region; v = W tanh([frame; g]), with places + R P map. Separate maps: v = W tanh([frame; g_text; g_audio]).
 *   With presence v + P_p sigmoid(scale * (cosine(region, target) - c)).
 */
export function plainSpatialGrounding(
  parameters: TargetAwareSpatialGroundingParameters,
  { regions, frames, target, audio, uniform }: PlainInputs,
  { maps, threshold }: TargetAwareSpatialGroundingConfig,
): tf.Tensor {
  const [videos, questions, joint] = target.shape;
  const forEach = (x: tf.Tensor) => tf.broadcastTo(tf.expandDims(x, 1), [videos, questions, ...x.shape.slice(1)]); // of a video -> of each question
  const seen = forEach(regions); // [videos, questions, time, regions, joint]
  const textQuery = tf.reshape(target, [videos, questions, 1, 1, joint]);
  const audioQuery = tf.expandDims(forEach(tf.squeeze(audio, [1])), 3); // [videos, questions, time, 1, joint]

  const cosines = (query: tf.Tensor) => tf.sum(tf.mul(unitLength(seen), unitLength(query)), -1); // [videos, questions, time, regions]
  const textScale = tf.exp(clipAbove(parameters.logTextScale!, Math.log(100)));
  const textMap = tf.softmax(tf.mul(textScale, cosines(textQuery)));
  const audioMap = tf.softmax(tf.mul(tf.exp(parameters.logAudioScale!), cosines(audioQuery)));

  const shares = (map: tf.Tensor) => (uniform ? tf.mul(tf.onesLike(map), 1 / regions.shape[2]) : rescaled(map, threshold));
  const pooled = (map: tf.Tensor) => tf.sum(tf.mul(tf.expandDims(shares(map), -1), seen), 3); // [videos, questions, time, joint]
  const toOne = (positive: tf.Tensor) => tf.div(positive, tf.sum(positive, -1, true));
  const joined = {
    mean: () => tf.div(tf.add(textMap, audioMap), 2),
    product: () => toOne(tf.mul(textMap, audioMap)),
  };
  const grounded = maps === 'separate' ? [pooled(textMap), pooled(audioMap)] : [pooled(joined[maps]())];

  const { frame, grounded: one, groundedByText, groundedByAudio } = parameters;
  const rows = [frame, ...(maps === 'separate' ? [groundedByText!, groundedByAudio!] : [one!])].map(({ weight }) => weight);
  const merge = { weight: tf.concat(rows, 0), bias: frame.bias }; // [2 or 3 * joint] -> [dim]
  const merged = Linear.forward(merge, tf.tanh(tf.concat([forEach(frames), ...grounded], -1))); // [videos, questions, time, dim]
  const present = () => {
    const of = tf.sigmoid(tf.mul(textScale, tf.sub(cosines(textQuery), parameters.presence!.cosine))); // [videos, questions, time, regions]
    return byRegion(parameters.presence!.places, uniform ? tf.mul(tf.onesLike(of), tf.mean(of, -1, true)) : of);
  };
  const visual = parameters.presence ? tf.add(merged, present()) : merged;
  const { places, placesByText, placesByAudio } = parameters;
  if (maps === 'separate' && placesByText && placesByAudio)
    return tf.add(tf.add(visual, where(placesByText, shares(textMap))), where(placesByAudio, shares(audioMap)));
  return maps !== 'separate' && places ? tf.add(visual, where(places, shares(joined[maps]()))) : visual;
}

/** P x: [..., regions] -> [..., dim]. */
function byRegion({ weight }: ProjectionParameters, x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(tf.expandDims(x, -1), weight), -2);
}

/** R P map, with R the number of regions: [..., regions] -> [..., dim]. */
function where(places: ProjectionParameters, map: tf.Tensor): tf.Tensor {
  return tf.mul(byRegion(places, map), places.weight.shape[0]);
}

/** The shares of at least threshold / regions, and always the largest one, divided by their sum. map: [..., regions]. */
function rescaled(map: tf.Tensor, threshold: number): tf.Tensor {
  const regions = map.shape[map.rank - 1];
  const atLeast = (limit: number | tf.Tensor) => tf.sub(1, tf.step(tf.sub(limit, map))); // 1 where a share reaches the limit, else 0
  const kept = tf.mul(map, tf.maximum(atLeast(threshold / regions), atLeast(tf.max(map, -1, true))));
  return tf.div(kept, tf.sum(kept, -1, true));
}
