import {
  type LinearParameters,
  type Module,
  type ProjectionParameters,
  Linear,
  Projection,
  batchedMatMul,
  clipAbove,
  expectShape,
  inverseLengths,
  tf,
  unitLength,
} from '@tass/tensor';
import { keptShares } from './kept-shares';

export interface TargetAwareSpatialGroundingConfig {
  readonly joint: number; // channels of regions, frames and queries: the joint image-text space
  readonly dim: number; // channels of the segment's visual feature
  readonly grounding: boolean; // false: regions are averaged, and there are no queries
  readonly textQuery: boolean; // the question's target looks for its regions
  readonly audioQuery: boolean; // the segment's sound looks for its regions
  readonly maps: 'mean' | 'separate'; // the two maps averaged, or a grounded feature of each
  readonly threshold: number; // regions with a lower share are dropped; in units of the uniform share 1 / regions; 0 keeps all
  readonly logitScale: number; // of the text's cosine at the start, as CLIP's; at most 100
}
export interface TargetAwareSpatialGroundingParameters {
  readonly frame: LinearParameters; // [joint] -> [dim]
  readonly grounded?: ProjectionParameters; // [joint] -> [dim], of the one map or of average pooling
  readonly groundedByText?: ProjectionParameters; // [joint] -> [dim], separate maps
  readonly groundedByAudio?: ProjectionParameters; // [joint] -> [dim], separate maps
  readonly logTextScale?: tf.Scalar;
  readonly logAudioScale?: tf.Scalar;
}
export interface TargetAwareSpatialGroundingInputs {
  readonly regions: tf.Tensor4D; // [videos, time, regions, joint]
  readonly frames: tf.Tensor3D; // [videos, time, joint]
  readonly target?: tf.Tensor3D; // [videos, questions, joint], what each question asks about; needed by the text query
  readonly audio?: tf.Tensor3D; // [videos, time, joint], the sound as a query; needed by the audio query
}
/** `questions` is 1 where nothing differs between a video's questions: without a text query they share one result. */
export interface GroundedSegments {
  readonly visual: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly grounded: tf.Tensor4D; // [videos, questions or 1, time, joint], the pooled regions; of separate maps the mean
  readonly textMap?: tf.Tensor4D; // [videos, questions, time, regions], shares before the threshold
  readonly audioMap?: tf.Tensor4D; // [videos, 1, time, regions], shares before the threshold
  readonly map?: tf.Tensor4D; // [videos, questions or 1, time, regions], the shares that pooled; of separate maps the mean
}

const GREATEST_TEXT_SCALE = 100; // as CLIP
const AUDIO_SCALE = 10; // at the start

/**
 * Pools each segment's regions by how well they match the question's target and the sound.
 * Source: arXiv 2405.07451, TSG+, from its abstract and public summaries: region-text matching by the knowledge of image-text matching. TJSTG's
 * code sums the two maps, has no logit scale and takes a second softmax after its threshold. Logit scales, the rescaled threshold and separate
 * maps are ours.
 *   map = softmax over regions of scale * cosine(region, query); grounded = sum of map * region;
 *   visual = W tanh([frame; grounded]), with W stored in two parts so that a frame is multiplied once for all questions.
 * A region's length divides its relevance, not the region: regions are read as they are. Throws ShapeError, and RangeError for a grounding
 * without a query.
 */
export const TargetAwareSpatialGrounding: Module<
  TargetAwareSpatialGroundingConfig,
  TargetAwareSpatialGroundingParameters,
  TargetAwareSpatialGroundingInputs,
  GroundedSegments
> = {
  initialize(config, random) {
    const { joint, dim, grounding, textQuery, audioQuery, logitScale } = config;
    if (grounding && !textQuery && !audioQuery) {
      throw new RangeError(
        'TargetAwareSpatialGrounding: grounding is true without a text or an audio query; give one, or set grounding: false',
      );
    }
    if (!(logitScale > 0)) throw new RangeError(`TargetAwareSpatialGrounding: logitScale is ${logitScale}, expected a positive number`);
    const projection = (name: string): ProjectionParameters => Projection.initialize({ from: joint, to: dim }, random.fork(name));
    return {
      frame: Linear.initialize({ from: joint, to: dim }, random.fork('frame')),
      ...(isSeparate(config)
        ? { groundedByText: projection('groundedByText'), groundedByAudio: projection('groundedByAudio') }
        : { grounded: projection('grounded') }),
      ...(grounding && textQuery ? { logTextScale: tf.scalar(Math.log(Math.min(logitScale, GREATEST_TEXT_SCALE))) } : {}),
      ...(grounding && audioQuery ? { logAudioScale: tf.scalar(Math.log(AUDIO_SCALE)) } : {}),
    };
  },

  forward(parameters, inputs, config) {
    checkInputs(inputs, config);
    return tf.tidy(() => {
      const fromFrame = tf.expandDims(Linear.forward(parameters.frame, tf.tanh(inputs.frames)), 1);
      const visual = (...terms: [ProjectionParameters, tf.Tensor][]): tf.Tensor4D =>
        terms.reduce(
          (sum, [projection, grounded]) => tf.add(sum, Projection.forward(projection, tf.tanh(grounded))),
          fromFrame,
        ) as tf.Tensor4D;
      if (!config.grounding) {
        const grounded = tf.expandDims(tf.mean(inputs.regions, 2), 1) as tf.Tensor4D;
        return { visual: visual([parameters.grounded!, grounded]), grounded };
      }
      const inverse = inverseLengths(inputs.regions); // [videos, time, regions, 1]
      const textMap = config.textQuery ? textShares(parameters.logTextScale!, inputs, inverse) : undefined;
      const audioMap = config.audioQuery ? audioShares(parameters.logAudioScale!, inputs, inverse) : undefined;
      const least = config.threshold / inputs.regions.shape[2];
      if (isSeparate(config)) {
        const [byText, byAudio] = [keptShares(textMap!, least), keptShares(audioMap!, least)];
        const [ofText, ofAudio] = [pool(byText, inputs.regions), pool(byAudio, inputs.regions)];
        return {
          visual: visual([parameters.groundedByText!, ofText], [parameters.groundedByAudio!, ofAudio]),
          grounded: mean(ofText, ofAudio),
          map: mean(byText, byAudio),
          textMap,
          audioMap,
        };
      }
      const map = keptShares(textMap && audioMap ? mean(textMap, audioMap) : (textMap ?? audioMap)!, least);
      const grounded = pool(map, inputs.regions);
      return { visual: visual([parameters.grounded!, grounded]), grounded, map, textMap, audioMap };
    });
  },
};

function isSeparate({ grounding, textQuery, audioQuery, maps }: TargetAwareSpatialGroundingConfig): boolean {
  return grounding && textQuery && audioQuery && maps === 'separate';
}

function checkInputs(inputs: TargetAwareSpatialGroundingInputs, config: TargetAwareSpatialGroundingConfig): void {
  const { regions, frames, target, audio } = inputs;
  const speaker = 'TargetAwareSpatialGrounding';
  const sizes = expectShape(
    speaker,
    { regions, frames },
    { regions: 'videos time regions joint', frames: 'videos time joint' },
    { joint: config.joint },
  );
  if (config.grounding && config.textQuery) {
    if (target === undefined) throw new RangeError(`${speaker}: textQuery is true, but no target is given`);
    expectShape(speaker, { target }, { target: 'videos questions joint' }, sizes);
  }
  if (config.grounding && config.audioQuery) {
    if (audio === undefined) throw new RangeError(`${speaker}: audioQuery is true, but no audio is given`);
    expectShape(speaker, { audio }, { audio: 'videos time joint' }, sizes);
  }
}

/** One product a video over all its regions and questions: [videos, questions, time, regions]. */
function textShares(logScale: tf.Scalar, { regions, target }: TargetAwareSpatialGroundingInputs, inverse: tf.Tensor): tf.Tensor4D {
  const [videos, time, count, joint] = regions.shape;
  const questions = target!.shape[1];
  const query = tf.mul(unitLength(target!), tf.exp(clipAbove(logScale, Math.log(GREATEST_TEXT_SCALE))));
  const relevance = batchedMatMul(tf.reshape(regions, [videos, time * count, joint]), query, true); // [videos, time * regions, questions]
  const scores = tf.mul(tf.transpose(relevance, [0, 2, 1]), tf.reshape(inverse, [videos, 1, time * count]));
  return tf.softmax(tf.reshape(scores, [videos, questions, time, count]) as tf.Tensor4D);
}

/** Each segment's sound over its own regions: [videos, 1, time, regions]. */
function audioShares(logScale: tf.Scalar, { regions, audio }: TargetAwareSpatialGroundingInputs, inverse: tf.Tensor): tf.Tensor4D {
  const [videos, time, count] = regions.shape;
  const query = tf.expandDims(tf.mul(unitLength(audio!), tf.exp(logScale)), 2); // [videos, time, 1, joint]
  const scores = tf.mul(batchedMatMul(regions, query, true), inverse); // [videos, time, regions, 1]
  return tf.softmax(tf.reshape(scores, [videos, 1, time, count]) as tf.Tensor4D);
}

/** shares: [videos, questions, time, regions] -> the weighted sums of regions [videos, questions, time, joint]. */
function pool(shares: tf.Tensor4D, regions: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(batchedMatMul(tf.transpose(shares, [0, 2, 1, 3]), regions), [0, 2, 1, 3]) as tf.Tensor4D;
}

function mean(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  return tf.mul(tf.add(a, b), 0.5);
}
