import {
  JointTemporalGrounding,
  type JointTemporalGroundingConfig,
  type JointTemporalGroundingParameters,
  type JointlyGrounded,
} from '@tass/jtg';
import { ContrastiveMatch, type ContrastiveMatchParameters, MatchHead, type MatchHeadParameters } from '@tass/losses';
import { attentionChange, type Intervention, type NetworkBatch, type NetworkOutputs } from '@tass/network';
import { DropoutSource, batchedMatMul, type LinearParameters, Linear, type Random, dropout, expectShape, tf } from '@tass/tensor';
import { type GroundedSegments, TargetAwareSpatialGrounding, type TargetAwareSpatialGroundingParameters } from '@tass/tsg-plus';
import { type TassConfig, partsOf } from './config';
import { type Queries, type WithMismatched, firstQuestion, withFirstMismatched, withMismatched } from './mismatched-segments';
import { type QuestionEncoderConfig, QuestionEncoder, type QuestionEncoderParameters } from './question-encoder';

export interface TassParameters {
  readonly question: QuestionEncoderParameters;
  readonly audio?: { readonly hidden: LinearParameters; readonly output: LinearParameters }; // [audioDim] -> [dim] -> [dim]
  readonly audioInJointSpace?: LinearParameters; // [dim] -> [joint]
  readonly visualInJointSpace?: { readonly regions: LinearParameters; readonly frames: LinearParameters }; // [visualDim] -> [joint]
  readonly tsgPlus?: TargetAwareSpatialGroundingParameters;
  readonly jtg?: JointTemporalGroundingParameters;
  readonly merge?: LinearParameters; // [dim of each modality] -> [dim]
  readonly answer: LinearParameters; // [dim] -> [answers]
  readonly matchHead?: MatchHeadParameters;
  readonly contrastiveMatch?: ContrastiveMatchParameters;
}
export interface TassOptions {
  readonly training?: { readonly seed: () => number }; // dropout is on, seeded; and the match loss gets its inputs
  readonly maps?: boolean; // also return the grounding, for pages
  readonly intervention?: Intervention; // at test
}
export interface TassOutputs {
  readonly logits: tf.Tensor3D; // [videos, questions, answers]
  /** The question's attention in time, each rescaled to sum to 1. [videos, questions, time] */
  readonly attention?: { readonly visual?: tf.Tensor3D; readonly audio?: tf.Tensor3D };
  readonly attentionByHead?: NetworkOutputs['attentionByHead'];
  /** On demand. A map exists if its query does. */
  readonly grounding?: {
    readonly map?: tf.Tensor4D; // [videos, questions, time, regions], the shares that pooled the regions
    readonly textMap?: tf.Tensor4D; // [videos, questions, time, regions], before the threshold
    readonly audioMap?: tf.Tensor4D; // [videos, questions, time, regions], before the threshold
    readonly targetWeights?: tf.Tensor3D; // [videos, questions, words]
  };
  /** The features compared in the joint space; in training. */
  readonly inJointSpace?: {
    readonly regions?: tf.Tensor4D; // [videos, time, regions, joint]
    readonly frames?: tf.Tensor3D; // [videos, time, joint]
    readonly target?: tf.Tensor3D; // [videos, questions, joint]
    readonly sound?: tf.Tensor3D; // [videos, time, joint]
  };
  /** Inputs of the match loss; in training, if the configuration has one. */
  readonly match?: {
    readonly audio: tf.Tensor3D; // [videos, time, dim], or of the contrastive loss joint
    readonly visual: tf.Tensor4D; // [videos, questions or 1, time, dim], or of the contrastive loss joint
    readonly mismatched?: tf.Tensor4D; // [videos, questions or 1, time, dim], of the head
  };
}

/**
 * CLIP-powered target-aware single-stream network (arXiv 2405.07451; each part is marked: the paper's, its predecessor's code, or ours).
 *   q, u = question, target; a_t = W_2 relu(W_1 audio_t); v_t = TSG+(regions_t, frame_t; u, W_ja a_t); o = JTG(q; v, a)
 *   f = W_m tanh([m(a); m(v)]) + o; logits = W_o tanh(f * q)   (code), m the mean over time (code) or by the question's attention (ours)
 * Learned maps first project features from outside the joint space (ours); texts and regions are then compared in a space that CLIP never
 * trained. The means are over segments in their temporal context. A missing modality's terms are left out; with none, logits = W_o tanh(q).
 * Everything that does not depend on a question is computed once for each video. Throws ShapeError, RangeError.
 */
export const Tass = {
  initialize(config: TassConfig, random: Random): TassParameters {
    const { dim, joint, visualDim, regionDim = visualDim, audioDim, answers, inputs } = config;
    const parts = partsOf(config);
    const linear = (name: string, from: number, to: number): LinearParameters => Linear.initialize({ from, to }, random.fork(name));
    return {
      question: QuestionEncoder.initialize(questionConfig(config), random.fork('question')),
      ...(inputs.audio ? { audio: { hidden: linear('audio.hidden', audioDim, dim), output: linear('audio.output', dim, dim) } } : {}),
      ...(parts.audioInJointSpace ? { audioInJointSpace: linear('audioInJointSpace', dim, joint) } : {}),
      ...(inputs.video && visualDim !== undefined
        ? {
            visualInJointSpace: {
              regions: linear('visualInJointSpace.regions', regionDim!, joint),
              frames: linear('visualInJointSpace.frames', visualDim, joint),
            },
          }
        : {}),
      ...(inputs.video ? { tsgPlus: TargetAwareSpatialGrounding.initialize(spatialConfig(config), random.fork('tsgPlus')) } : {}),
      ...(parts.anyModality
        ? {
            jtg: JointTemporalGrounding.initialize(temporalConfig(config), random.fork('jtg')),
            merge: linear('merge', (Number(inputs.audio) + Number(inputs.video)) * dim, dim),
          }
        : {}),
      answer: linear('answer', dim, answers),
      ...(parts.match === 'head' || parts.match === 'video-head'
        ? { matchHead: MatchHead.initialize({ dim }, random.fork('matchHead')) }
        : {}),
      ...(parts.match === 'contrastive' ? { contrastiveMatch: ContrastiveMatch.initialize() } : {}),
    };
  },

  forward(
    parameters: TassParameters,
    batch: NetworkBatch,
    config: TassConfig,
    { training, maps, intervention }: TassOptions = {},
  ): TassOutputs {
    return tf.tidy(() => {
      const drop = training && config.dropout > 0 ? DropoutSource.fromSeed(training.seed) : undefined;
      const { question, target, targetWeights } = QuestionEncoder.forward(parameters.question, batch, questionConfig(config));
      const sound = parameters.audio && soundOf(parameters.audio, batch, config); // [videos, time, dim]
      const soundQuery = parameters.audioInJointSpace && Linear.forward(parameters.audioInJointSpace, sound!); // [videos, time, joint]
      const uniform = intervention === 'uniform-map';
      const { segments, mismatched, picture } = segmentsOf(parameters, batch, config, {
        target,
        soundQuery,
        training: training !== undefined,
        uniform,
      });
      const stream =
        parameters.jtg &&
        JointTemporalGrounding.forward(
          parameters.jtg,
          {
            ...{ question, visual: segments?.visual, audio: sound && forAll(sound), dropout: drop?.fork('jtg') },
            change: attentionChange(intervention),
          },
          temporalConfig(config),
        );
      const fused = stream
        ? tf.mul(tf.add(summaryOf(parameters.merge!, stream, question, config.summary), stream.fused), question)
        : question;
      const state = tf.tanh(fused) as tf.Tensor3D; // [videos, questions, dim]
      const logits = Linear.forward(parameters.answer, drop ? dropout(state, config.dropout, drop.fork('answer')) : state);
      return {
        logits,
        attention: stream?.attention,
        attentionByHead: stream?.attentionByHead,
        grounding: maps ? mapsOf(segments, targetWeights, question.shape[1]) : undefined,
        inJointSpace: training && { ...picture, target, sound: soundQuery },
        match: training && matchOf(config, sound, soundQuery, segments, mismatched),
      };
    });
  },
};

/** The video's summary: W_m tanh([m(a); m(v)]), m the mean over time or the mean weighted by the question's attention, for each question [videos, questions, dim]. */
function summaryOf(
  merge: LinearParameters,
  { audio, visual, attention }: JointlyGrounded,
  { shape }: tf.Tensor3D,
  form: TassConfig['summary'],
): tf.Tensor3D {
  const attended = (segments: tf.Tensor4D, shares: tf.Tensor3D) => tf.squeeze(batchedMatMul(tf.expandDims(shares, 2), segments), [2]);
  const meanOf = (segments: tf.Tensor4D | undefined, shares: tf.Tensor3D | undefined): tf.Tensor | undefined =>
    segments && (form === 'attended' ? attended(segments, shares!) : tf.mean(segments, 2)); // [videos, questions or 1, dim]
  const means = [meanOf(audio, attention.audio), meanOf(visual, attention.visual)].filter((mean) => mean !== undefined);
  return Linear.forward(merge, tf.concat(means.map((mean) => tf.broadcastTo(tf.tanh(mean), shape)), -1)); // prettier-ignore
}

function matchOf(
  config: TassConfig,
  audio: tf.Tensor3D | undefined,
  audioQuery: tf.Tensor3D | undefined,
  segments: GroundedSegments | undefined,
  mismatched: tf.Tensor4D | undefined,
): TassOutputs['match'] {
  const { match } = partsOf(config);
  if (match === 'head') return { audio: audio!, visual: segments!.visual, mismatched };
  if (match === 'video-head') return { audio: audio!, visual: firstQuestion(segments!.visual), mismatched };
  if (match === 'contrastive') return { audio: audioQuery!, visual: segments!.grounded };
  return undefined;
}

interface Looking {
  readonly target: tf.Tensor3D | undefined;
  readonly soundQuery: tf.Tensor3D | undefined;
  readonly training: boolean;
  readonly uniform: boolean; // the map is
}

/** TSG+ on the video's regions; when the match head is trained, also on mismatched ones. */
function segmentsOf(
  { tsgPlus, visualInJointSpace }: TassParameters,
  batch: NetworkBatch,
  config: TassConfig,
  { target, soundQuery, training, uniform }: Looking,
): Partial<WithMismatched> & { readonly picture?: Picture } {
  if (tsgPlus === undefined) return {};
  const { match, grounding } = partsOf(config);
  const picture = pictureOf(visualInJointSpace, batch, config);
  const ground = (queries: Queries): GroundedSegments =>
    TargetAwareSpatialGrounding.forward(tsgPlus, { ...picture, ...queries, uniform }, spatialConfig(config));
  const own = { target, audio: soundQuery && forAll(soundQuery) };
  if (training && match === 'head' && grounding) return { ...withMismatched(ground, own), picture };
  if (training && match === 'video-head' && grounding) return { ...withFirstMismatched(ground, own), picture };
  const segments = ground(own);
  return { segments, mismatched: segments.visual, picture };
}

/** One sound for all questions of a video: [videos, time, any] -> [videos, 1, time, any]. */
function forAll(sound: tf.Tensor3D): tf.Tensor4D {
  return tf.expandDims(sound, 1);
}

function mapsOf(
  segments: GroundedSegments | undefined,
  targetWeights: tf.Tensor3D | undefined,
  questions: number,
): TassOutputs['grounding'] {
  const forEach = (map: tf.Tensor4D | undefined): tf.Tensor4D | undefined => {
    if (map === undefined) return undefined;
    const [videos, , time, regions] = map.shape;
    return tf.broadcastTo(map, [videos, questions, time, regions]);
  };
  return { map: forEach(segments?.map), textMap: forEach(segments?.textMap), audioMap: forEach(segments?.audioMap), targetWeights };
}

function soundOf(
  { hidden, output }: NonNullable<TassParameters['audio']>,
  { audio }: NetworkBatch,
  { time, audioDim }: TassConfig,
): tf.Tensor3D {
  if (audio === undefined) throw new RangeError('Tass: audio is not given, but inputs.audio is true');
  expectShape('Tass', { audio }, { audio: 'videos time audioDim' }, { time, audioDim });
  return Linear.forward(output, tf.relu(Linear.forward(hidden, audio)));
}

interface Picture {
  readonly regions: tf.Tensor4D; // [videos, time, regions, joint]
  readonly frames: tf.Tensor3D; // [videos, time, joint]
}

function pictureOf(
  toJointSpace: TassParameters['visualInJointSpace'],
  { regions, frames }: NetworkBatch,
  { visualDim, regionDim = visualDim }: TassConfig,
): Picture {
  if (regions === undefined || frames === undefined)
    throw new RangeError('Tass: regions or frames are not given, but inputs.video is true');
  if (toJointSpace === undefined) return { regions, frames };
  const axes = { regions: 'videos time regions regionDim', frames: 'videos time visualDim' };
  expectShape('Tass', { regions, frames }, axes, { visualDim: visualDim!, regionDim: regionDim! });
  return { regions: Linear.forward(toJointSpace.regions, regions), frames: Linear.forward(toJointSpace.frames, frames) };
}

function questionConfig(config: TassConfig): QuestionEncoderConfig {
  const { dim, joint, heads, question } = config;
  return { dim, joint, heads, ...question, target: partsOf(config).textQuery ? question.target : 'none' };
}

function spatialConfig(config: TassConfig) {
  const { grounding, textQuery, audioQuery } = partsOf(config);
  return { ...config.tsgPlus, joint: config.joint, dim: config.dim, grounding, textQuery, audioQuery };
}

function temporalConfig({ dim, heads, time, dropout, inputs, jtg }: TassConfig): JointTemporalGroundingConfig {
  return { dim, heads, time, dropout, modalities: inputs, ...jtg };
}
