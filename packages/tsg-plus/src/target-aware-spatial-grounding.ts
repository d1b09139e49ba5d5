import {
  type LinearParameters,
  type Module,
  type ProjectionParameters,
  ShapeError,
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
  /**
   * [videos, sounds, time, joint], the sound as a query; needed by the audio query. Usually one; the questions are dealt to several in runs of
   * equal length, so that other sounds look at the regions in the same pass.
   */
  readonly audio?: tf.Tensor4D;
}
/** `questions` is `sounds` where nothing else differs between a video's questions: without a text query they share a result, without any it is 1. */
export interface GroundedSegments {
  readonly visual: tf.Tensor4D; // [videos, questions, time, dim]
  readonly grounded: tf.Tensor4D; // [videos, questions, time, joint], the pooled regions; of separate maps the mean
  readonly textMap?: tf.Tensor4D; // [videos, questions, time, regions], shares before the threshold
  readonly audioMap?: tf.Tensor4D; // [videos, sounds, time, regions], shares before the threshold
  readonly map?: tf.Tensor4D; // [videos, questions, time, regions], the shares that pooled; of separate maps the mean
}

const GREATEST_TEXT_SCALE = 100; // as CLIP (arXiv 2103.00020, 2.5)
const AUDIO_SCALE = 10; // at the start

/**
 * Pools each segment's regions by how well they match the question's target and the sound.
 * Source: arXiv 2405.07451, TSG+, from its abstract and public summaries: region-text matching by the knowledge of image-text matching. TJSTG's
 * code sums the two maps, has no logit scale and takes a second softmax after its threshold. Logit scales, the rescaled threshold and separate
 * maps are ours.
 *   map = softmax over regions of scale * cosine(region, query), the text's scale at most 100; grounded = sum of map * region;
 *   visual = W tanh([frame; grounded]), with W stored in two parts so that a frame is multiplied once for all questions.
 * A region's length divides its relevance, not the region: regions are read as they are, and all queries meet them in one product (`plain.ts`: each
 * question with its own copy of unit regions).
 * Throws ShapeError, and RangeError for a grounding without a query.
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
      const fromFrame = tf.expandDims(Linear.forward(parameters.frame, tf.tanh(inputs.frames)), 1); // [videos, 1, time, dim]
      const visual = (...terms: [ProjectionParameters, tf.Tensor][]): tf.Tensor4D =>
        terms.reduce(
          (sum, [projection, grounded]) => tf.add(sum, Projection.forward(projection, tf.tanh(grounded))),
          fromFrame,
        ) as tf.Tensor4D;
      if (!config.grounding) {
        const grounded = tf.expandDims(tf.mean(inputs.regions, 2), 1) as tf.Tensor4D; // [videos, 1, time, joint]
        return { visual: visual([parameters.grounded!, grounded]), grounded };
      }
      const { textMap, audioMap } = shares(parameters, inputs, config); // each [videos, time, its own count, regions]
      const least = config.threshold / inputs.regions.shape[2];
      const forQuestions = (map: tf.Tensor4D): tf.Tensor4D => (textMap ? forEach(textMap.shape[2], map) : map);
      if (isSeparate(config)) {
        const [byText, byAudio] = [keptShares(textMap!, least), forQuestions(keptShares(audioMap!, least))]; // each [videos, time, questions, regions]
        const [ofText, ofAudio] = [byText, byAudio].map((map) => questionsFirst(pool(map, inputs.regions))); // each [videos, questions, time, joint]
        return {
          visual: visual([parameters.groundedByText!, ofText], [parameters.groundedByAudio!, ofAudio]),
          grounded: mean(ofText, ofAudio),
          map: questionsFirst(mean(byText, byAudio)),
          textMap: questionsFirst(textMap!),
          audioMap: questionsFirst(audioMap!),
        };
      }
      const both = textMap && audioMap ? mean(textMap, forQuestions(audioMap)) : (textMap ?? audioMap)!;
      const map = keptShares(both, least); // [videos, time, questions, regions]
      const grounded = questionsFirst(pool(map, inputs.regions)); // [videos, questions, time, joint]
      return {
        visual: visual([parameters.grounded!, grounded]),
        grounded,
        map: questionsFirst(map),
        textMap: textMap && questionsFirst(textMap),
        audioMap: audioMap && questionsFirst(audioMap),
      };
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
    const { sounds } = expectShape(speaker, { audio }, { audio: 'videos sounds time joint' }, sizes);
    if (config.textQuery && target!.shape[1] % sounds !== 0)
      throw new ShapeError(`${speaker}: audio has ${sounds} sounds for ${target!.shape[1]} questions, expected a divisor of them`);
  }
}

interface Shares {
  readonly textMap?: tf.Tensor4D; // [videos, time, questions, regions]
  readonly audioMap?: tf.Tensor4D; // [videos, time, sounds, regions]
}

/** Softmax over the regions of each segment, of every query: one product for all of them. */
function shares(
  parameters: TargetAwareSpatialGroundingParameters,
  inputs: TargetAwareSpatialGroundingInputs,
  config: TargetAwareSpatialGroundingConfig,
): Shares {
  const { regions, target, audio } = inputs;
  const [videos, time, count, joint] = regions.shape;
  const queries: tf.Tensor[] = []; // each [videos, time, its own count, joint]
  if (config.textQuery) {
    const scaled = tf.mul(unitLength(target!), tf.exp(clipAbove(parameters.logTextScale!, Math.log(GREATEST_TEXT_SCALE)))); // [videos, questions, joint]
    queries.push(repeated(tf.reshape(scaled, [videos, -1]), time, [videos, time, -1, joint]));
  }
  if (config.audioQuery) queries.push(tf.mul(unitLength(tf.transpose(audio!, [0, 2, 1, 3])), tf.exp(parameters.logAudioScale!)));
  const lengths = queries.map(({ shape }) => shape[2]!);
  const relevance = batchedMatMul(queries.length === 1 ? queries[0] : tf.concat(queries, 2), regions, true); // [videos, time, all queries, regions]
  const maps = tf.softmax(tf.mul(relevance, tf.reshape(inverseLengths(regions), [videos, time, 1, count])));
  const [first, second] = (lengths.length === 1 ? [maps] : tf.split(maps, lengths, 2)) as tf.Tensor4D[];
  return config.textQuery ? { textMap: first, audioMap: second } : { audioMap: first };
}

/** Each sound's map [videos, time, sounds, regions] for its run of the questions: [videos, time, questions, regions]. */
function forEach(questions: number, map: tf.Tensor4D): tf.Tensor4D {
  const [videos, time, sounds, regions] = map.shape;
  return repeated(tf.reshape(map, [-1, regions]), questions / sounds, [videos, time, questions, regions]);
}

/** Each row of a matrix `times` times over, in `shape`. A sum with zeros, as its gradient is one sum, which that of tf.tile is not. */
function repeated(rows: tf.Tensor, times: number, shape: [number, number, number, number]): tf.Tensor4D {
  return tf.reshape(tf.add(tf.expandDims(rows, 1), tf.zeros([1, times, 1])), shape);
}

/** maps: [videos, time, questions, regions] -> the weighted sums of regions [videos, time, questions, joint]. */
function pool(maps: tf.Tensor4D, regions: tf.Tensor4D): tf.Tensor4D {
  return batchedMatMul(maps, regions) as tf.Tensor4D;
}

function questionsFirst(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [0, 2, 1, 3]);
}

function mean(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  return tf.mul(tf.add(a, b), 0.5);
}
