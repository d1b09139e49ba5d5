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

/** One map from both (their mean or their product, rescaled to sum to 1), or `separate`: a grounded feature from each. */
export const mapsForms = ['mean', 'separate', 'product'] as const;
type MapsForm = (typeof mapsForms)[number];

export interface TargetAwareSpatialGroundingConfig {
  readonly joint: number; // channels of regions, frames and queries: the joint image-text space
  readonly dim: number; // channels of the segment's visual feature
  readonly grounding: boolean; // false: regions are averaged, and there are no queries
  readonly textQuery: boolean; // the question's target selects regions
  readonly audioQuery: boolean; // the segment's sound selects regions
  readonly maps: MapsForm; // how the two maps pool
  readonly places?: boolean; // the segment's feature also encodes where the map looks
  readonly presence?: boolean; // the segment's feature also encodes in which regions the target is visible at all; needs the text query
  readonly regions?: number; // of a frame; needed for places and presence
  readonly threshold: number; // regions with a lower share are dropped; in units of the uniform share 1 / regions; 0 keeps all
  readonly logitScale: number; // initial scale of the text's cosine, CLIP's own; at most 100
}
export interface TargetAwareSpatialGroundingParameters {
  readonly frame: LinearParameters; // [joint] -> [dim]
  readonly grounded?: ProjectionParameters; // [joint] -> [dim], of the one map or of average pooling
  readonly groundedByText?: ProjectionParameters; // [joint] -> [dim], separate maps
  readonly groundedByAudio?: ProjectionParameters; // [joint] -> [dim], separate maps
  readonly places?: ProjectionParameters; // [regions] -> [dim], of the one map
  readonly placesByText?: ProjectionParameters; // [regions] -> [dim], separate maps
  readonly placesByAudio?: ProjectionParameters; // [regions] -> [dim], separate maps
  readonly presence?: {
    readonly places: ProjectionParameters; // [regions] -> [dim]
    readonly cosine: tf.Scalar; // that counts as half present
  };
  readonly logTextScale?: tf.Scalar;
  readonly logAudioScale?: tf.Scalar;
}
export interface TargetAwareSpatialGroundingInputs {
  readonly regions: tf.Tensor4D; // [videos, time, regions, joint]
  readonly frames: tf.Tensor3D; // [videos, time, joint]
  readonly target?: tf.Tensor3D; // [videos, questions, joint], what each question asks about; needed by the text query
  /**
   * [videos, sounds, time, joint], the sound as a query; needed by the audio query. Usually one; several split the questions into runs of
   * equal length, so that other sounds read the regions in the same pass.
   */
  readonly audio?: tf.Tensor4D;
  readonly uniform?: boolean; // regions are pooled by equal shares, and all have the mean presence
}
/** `questions` is `sounds` if nothing else differs between a video's questions: without a text query they share a result, without any query it is 1. */
export interface GroundedSegments {
  readonly visual: tf.Tensor4D; // [videos, questions, time, dim]
  readonly grounded: tf.Tensor4D; // [videos, questions, time, joint], the pooled regions; of separate maps the mean
  readonly textMap?: tf.Tensor4D; // [videos, questions, time, regions], shares before the threshold
  readonly audioMap?: tf.Tensor4D; // [videos, sounds, time, regions], shares before the threshold
  readonly map?: tf.Tensor4D; // [videos, questions, time, regions], the shares that pooled; of separate maps the mean
}

const GREATEST_TEXT_SCALE = 100; // as CLIP (arXiv 2103.00020, 2.5)
const AUDIO_SCALE = 10; // at the start
const PRESENT_COSINE = 0.2; // at the start

/**
 * Pools each segment's regions by how well they match the question's target and the sound.
 * Source: arXiv 2405.07451, TSG+, from its abstract and public summaries: region-text matching by the knowledge of image-text matching. TJSTG's
 * code sums the two maps, has no logit scale and takes a second softmax after its threshold. Logit scales, the rescaled threshold and the forms
 * `separate` and `product` are ours.
 *   map = softmax over regions of scale * cosine(region, query), the text's scale at most 100; grounded = sum of map * region;
 *   visual = W tanh([frame; grounded]), with places + R P map (ours: a region's feature does not contain its position), with W stored in two parts so that a frame is multiplied once for all questions.
 * With presence (ours) + P_p sigmoid(scale * (cosine(region, target) - c)), c learned: shares sum to 1, so they hold neither whether the target is
 * there nor how often.
 * A region's length divides its relevance instead of the region: regions are not copied, and all queries meet them in one product (`plain.ts`: each
 * question has its own copy of unit regions).
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
    const projection = (name: string, from = joint): ProjectionParameters => Projection.initialize({ from, to: dim }, random.fork(name));
    const fromRegions = (name: string, key: 'places' | 'presence'): ProjectionParameters => {
      if (config.regions === undefined)
        throw new RangeError(`TargetAwareSpatialGrounding: regions is not given, expected their number for ${key}: true`);
      return projection(name, config.regions);
    };
    const places = (name: string): ProjectionParameters => fromRegions(name, 'places');
    if (config.presence && !(grounding && textQuery))
      throw new RangeError('TargetAwareSpatialGrounding: presence is true without a text query; set presence: false');
    return {
      frame: Linear.initialize({ from: joint, to: dim }, random.fork('frame')),
      ...(isSeparate(config)
        ? { groundedByText: projection('groundedByText'), groundedByAudio: projection('groundedByAudio') }
        : { grounded: projection('grounded') }),
      ...(grounding && config.places
        ? isSeparate(config)
          ? { placesByText: places('placesByText'), placesByAudio: places('placesByAudio') }
          : { places: places('places') }
        : {}),
      ...(config.presence ? { presence: { places: fromRegions('presence', 'presence'), cosine: tf.scalar(PRESENT_COSINE) } } : {}),
      ...(grounding && textQuery ? { logTextScale: tf.scalar(Math.log(Math.min(logitScale, GREATEST_TEXT_SCALE))) } : {}),
      ...(grounding && audioQuery ? { logAudioScale: tf.scalar(Math.log(AUDIO_SCALE)) } : {}),
    };
  },

  forward(parameters, inputs, config) {
    checkInputs(inputs, config);
    return tf.tidy(() => {
      const regions = inputs.regions.shape[2];
      const fromFrame = tf.expandDims(Linear.forward(parameters.frame, tf.tanh(inputs.frames)), 1); // [videos, 1, time, dim]
      const visual = (terms: Pooled[], start: tf.Tensor = fromFrame): tf.Tensor4D =>
        terms.reduce((sum, { projection, grounded, places, map }) => {
          const seen = tf.add(sum, Projection.forward(projection, tf.tanh(grounded)));
          return places && map ? tf.add(seen, Projection.forward(places, tf.mul(map, regions))) : seen; // in units of the uniform share
        }, start) as tf.Tensor4D;
      if (!config.grounding) {
        const grounded = tf.expandDims(tf.mean(inputs.regions, 2), 1) as tf.Tensor4D; // [videos, 1, time, joint]
        return { visual: visual([{ projection: parameters.grounded!, grounded }]), grounded };
      }
      const { textMap, audioMap, relevance } = shares(parameters, inputs, config); // each [videos, time, its own count, regions]
      const seen = parameters.presence ? tf.add(fromFrame, presenceOf(parameters, relevance()[0], inputs.uniform)) : fromFrame;
      const kept = (map: tf.Tensor4D): tf.Tensor4D =>
        inputs.uniform ? tf.fill(map.shape, 1 / regions) : keptShares(map, config.threshold / regions);
      const forQuestions = (map: tf.Tensor4D): tf.Tensor4D => (textMap ? forEach(textMap.shape[2], map) : map);
      if (isSeparate(config)) {
        const kinds = [kept(textMap!), forQuestions(kept(audioMap!))]; // each [videos, time, questions, regions]
        const [ofText, ofAudio] = kinds.map((map) => questionsFirst(pool(map, inputs.regions))); // each [videos, questions, time, joint]
        const [byText, byAudio] = kinds.map(questionsFirst);
        return {
          visual: visual(
            [
              { projection: parameters.groundedByText!, grounded: ofText, places: parameters.placesByText, map: byText },
              { projection: parameters.groundedByAudio!, grounded: ofAudio, places: parameters.placesByAudio, map: byAudio },
            ],
            seen,
          ),
          grounded: mean(ofText, ofAudio),
          map: mean(byText, byAudio),
          textMap: questionsFirst(textMap!),
          audioMap: questionsFirst(audioMap!),
        };
      }
      const joined = (): tf.Tensor4D => {
        if (config.maps === 'product') {
          const [ofText, ofAudio] = relevance(); // a product of shares may be 0 for every region
          return tf.softmax(tf.add(ofText, forQuestions(ofAudio)) as tf.Tensor4D);
        }
        return mean(textMap!, forQuestions(audioMap!));
      };
      const shared = kept(textMap && audioMap ? joined() : (textMap ?? audioMap)!); // [videos, time, questions, regions]
      const grounded = questionsFirst(pool(shared, inputs.regions)); // [videos, questions, time, joint]
      const map = questionsFirst(shared);
      return {
        visual: visual([{ projection: parameters.grounded!, grounded, places: parameters.places, map }], seen),
        grounded,
        map,
        textMap: textMap && questionsFirst(textMap),
        audioMap: audioMap && questionsFirst(audioMap),
      };
    });
  },
};

/** What one map adds to a segment's feature. */
interface Pooled {
  readonly projection: ProjectionParameters;
  readonly grounded: tf.Tensor; // [videos, questions, time, joint]
  readonly places?: ProjectionParameters;
  readonly map?: tf.Tensor; // [videos, questions, time, regions]
}

/** Where the target is visible, as part of the segment's feature. relevance: [videos, time, questions, regions] -> [videos, questions, time, dim]. */
function presenceOf(
  { presence, logTextScale }: TargetAwareSpatialGroundingParameters,
  relevance: tf.Tensor4D,
  uniform: boolean | undefined,
): tf.Tensor4D {
  const present = tf.sigmoid(tf.sub(relevance, tf.mul(presence!.cosine, textScale(logTextScale!))));
  const regions = uniform ? tf.broadcastTo(tf.mean(present, -1, true), present.shape) : present;
  return questionsFirst(Projection.forward(presence!.places, regions as tf.Tensor4D));
}

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
  readonly relevance: () => readonly tf.Tensor4D[]; // of each query, the text's first; the maps are its softmax
  readonly textMap?: tf.Tensor4D; // [videos, time, questions, regions]
  readonly audioMap?: tf.Tensor4D; // [videos, time, sounds, regions]
}

function textScale(logTextScale: tf.Scalar): tf.Tensor {
  return tf.exp(clipAbove(logTextScale, Math.log(GREATEST_TEXT_SCALE)));
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
    const scaled = tf.mul(unitLength(target!), textScale(parameters.logTextScale!)); // [videos, questions, joint]
    queries.push(repeated(tf.reshape(scaled, [videos, -1]), time, [videos, time, -1, joint]));
  }
  if (config.audioQuery) queries.push(tf.mul(unitLength(tf.transpose(audio!, [0, 2, 1, 3])), tf.exp(parameters.logAudioScale!)));
  const lengths = queries.map(({ shape }) => shape[2]!);
  const products = batchedMatMul(queries.length === 1 ? queries[0] : tf.concat(queries, 2), regions, true); // [videos, time, all queries, regions]
  const scores = tf.mul(products, tf.reshape(inverseLengths(regions), [videos, time, 1, count]));
  const ofQueries = (all: tf.Tensor) => (lengths.length === 1 ? [all] : tf.split(all, lengths, 2)) as tf.Tensor4D[];
  const [first, second] = ofQueries(tf.softmax(scores));
  return { relevance: () => ofQueries(scores), ...(config.textQuery ? { textMap: first, audioMap: second } : { audioMap: first }) };
}

/** Each sound's map [videos, time, sounds, regions] for its run of the questions: [videos, time, questions, regions]. */
function forEach(questions: number, map: tf.Tensor4D): tf.Tensor4D {
  const [videos, time, sounds, regions] = map.shape;
  return repeated(tf.reshape(map, [-1, regions]), questions / sounds, [videos, time, questions, regions]);
}

/** Each row of a matrix `times` times over, in `shape`. A sum with zeros, because its gradient is one sum; that of tf.tile is not. */
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
