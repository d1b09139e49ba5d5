import { type DropoutSource, type LinearParameters, type Module, Linear, ShapeError, tf } from '@tass/tensor';
import { StreamAttention, type StreamAttentionParameters } from './stream-attention';
import { TemporalContext, type TemporalContextParameters } from './temporal-context';

export interface JointTemporalGroundingConfig {
  readonly dim: number;
  readonly heads: number;
  readonly time: number; // segments of a video
  readonly dropout: number;
  readonly stream: 'single' | 'dual'; // plays no role where one modality is missing
  readonly context: 'bilstm' | 'attention' | 'none';
  readonly modalities: { readonly audio: boolean; readonly video: boolean }; // at least one
}
export interface JointTemporalGroundingParameters {
  readonly visualContext?: TemporalContextParameters;
  readonly audioContext?: TemporalContextParameters;
  readonly timeEmbedding: tf.Tensor2D; // [time, dim]
  readonly modalityEmbedding?: tf.Tensor2D; // [2, dim], visual and audio; of the single stream
  readonly stream?: StreamAttentionParameters; // of the single stream, and of a modality that is alone
  readonly visualStream?: StreamAttentionParameters; // dual
  readonly audioStream?: StreamAttentionParameters; // dual
  readonly fusion?: LinearParameters; // [2 * dim] -> [dim], dual
}
export interface JointTemporalGroundingInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly visual?: tf.Tensor4D; // [videos, questions or 1, time, dim]; 1: shared by the questions
  readonly audio?: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly dropout?: DropoutSource; // in training
}
export interface JointlyGrounded {
  readonly fused: tf.Tensor3D; // [videos, questions, dim]
  readonly visual?: tf.Tensor4D; // the segments in their context, as given in shape
  readonly audio?: tf.Tensor4D;
  /** [videos, questions, time] each, rescaled to sum to 1; where both modalities are there. */
  readonly attention?: { readonly visual: tf.Tensor3D; readonly audio: tf.Tensor3D };
}

const EMBEDDING_DEVIATION = 0.02;
const EPSILON = 1e-8;

/**
 * Grounds the question in time on the audio-visual stream and fuses both modalities in the same step.
 * Source: arXiv 2405.07451, JTG, from its abstract and public summaries. (code): temporal context by a bidirectional LSTM, four heads, even and
 * odd positions of one stream v1 a1 v2 a2 ... as the modalities' halves. (ours): modality and time embeddings, the rescaled halves.
 * The interleaved stream is laid out only in `plain.ts`: attention does not see the order of positions, which the embeddings carry, so here both
 * modalities follow each other, and one that all questions share is not repeated for each.
 * `dual`, the ablation: one attention a modality, then W_f tanh([o_v; o_a]). Throws ShapeError, RangeError.
 */
export const JointTemporalGrounding: Module<
  JointTemporalGroundingConfig,
  JointTemporalGroundingParameters,
  JointTemporalGroundingInputs,
  JointlyGrounded
> = {
  initialize(config, random) {
    const { dim, time, modalities } = config;
    if (!modalities.audio && !modalities.video)
      throw new RangeError('JointTemporalGrounding: modalities are none, expected audio, video or both');
    const embedding = (name: string, count: number): tf.Tensor2D =>
      tf.tensor2d(random.fork(name).normals(count * dim, EMBEDDING_DEVIATION), [count, dim]);
    const context = (name: string): TemporalContextParameters => TemporalContext.initialize(config, random.fork(name));
    const attention = (name: string): StreamAttentionParameters => StreamAttention.initialize(config, random.fork(name));
    return {
      ...(modalities.video ? { visualContext: context('visualContext') } : {}),
      ...(modalities.audio ? { audioContext: context('audioContext') } : {}),
      timeEmbedding: embedding('timeEmbedding', time),
      ...(isDual(config)
        ? {
            visualStream: attention('visualStream'),
            audioStream: attention('audioStream'),
            fusion: Linear.initialize({ from: 2 * dim, to: dim }, random.fork('fusion')),
          }
        : { stream: attention('stream') }),
      ...(isJoint(config) ? { modalityEmbedding: embedding('modalityEmbedding', 2) } : {}),
    };
  },

  forward(parameters, inputs, config) {
    return tf.tidy(() => {
      const contextOf = (name: 'visual' | 'audio', context: TemporalContextParameters | undefined): tf.Tensor4D | undefined => {
        if (context === undefined) return undefined;
        const segments = checkedSegments(name, inputs, config);
        const rows = tf.reshape(segments, [-1, config.time, config.dim]) as tf.Tensor3D; // [videos * (questions or 1), time, dim]
        return tf.reshape(TemporalContext.forward(context, rows, config), segments.shape);
      };
      const visual = contextOf('visual', parameters.visualContext); // [videos, questions or 1, time, dim]
      const audio = contextOf('audio', parameters.audioContext); // [videos, questions or 1, time, dim]
      const placed = (segments: tf.Tensor4D | undefined, modality: number): tf.Tensor4D[] => {
        if (segments === undefined) return [];
        const inTime = tf.add(segments, parameters.timeEmbedding) as tf.Tensor4D;
        const { modalityEmbedding } = parameters;
        return [modalityEmbedding ? (tf.add(inTime, tf.slice(modalityEmbedding, modality, 1)) as tf.Tensor4D) : inTime];
      };
      const [seen, heard] = [placed(visual, 0), placed(audio, 1)]; // one each, or none; [videos, questions or 1, time, dim]
      const attend = (stream: StreamAttentionParameters, streams: tf.Tensor4D[], label: string) =>
        StreamAttention.forward(stream, { question: inputs.question, streams, dropout: inputs.dropout?.fork(label) }, config);

      if (isDual(config)) {
        const [ofVisual, ofAudio] = [attend(parameters.visualStream!, seen, 'visual'), attend(parameters.audioStream!, heard, 'audio')];
        const fused = Linear.forward(parameters.fusion!, tf.tanh(tf.concat([ofVisual.fused, ofAudio.fused], -1))); // [videos, questions, dim]
        return { fused, visual, audio, attention: { visual: rescaled(ofVisual.attention), audio: rescaled(ofAudio.attention) } };
      }
      const { fused, attention } = attend(parameters.stream!, [...seen, ...heard], 'stream'); // attention [videos, questions, time or 2 * time]
      if (!isJoint(config)) return { fused, visual, audio };
      const [onVisual, onAudio] = tf.split(attention, 2, -1) as tf.Tensor3D[]; // each [videos, questions, time]
      return { fused, visual, audio, attention: { visual: rescaled(onVisual), audio: rescaled(onAudio) } };
    });
  },
};

function hasBoth({ modalities }: JointTemporalGroundingConfig): boolean {
  return modalities.audio && modalities.video;
}

function isDual(config: JointTemporalGroundingConfig): boolean {
  return hasBoth(config) && config.stream === 'dual';
}

function isJoint(config: JointTemporalGroundingConfig): boolean {
  return hasBoth(config) && config.stream === 'single';
}

function rescaled(attention: tf.Tensor3D): tf.Tensor3D {
  return tf.div(attention, tf.add(tf.sum(attention, -1, true), EPSILON));
}

function checkedSegments(
  name: 'visual' | 'audio',
  inputs: JointTemporalGroundingInputs,
  { time, dim }: JointTemporalGroundingConfig,
): tf.Tensor4D {
  const segments = inputs[name];
  if (segments === undefined) throw new RangeError(`JointTemporalGrounding: ${name} is not given, but its modality is on`);
  const [videos, questions] = inputs.question.shape;
  const [ofVideos, ofQuestions, ofTime, ofDim] = segments.shape;
  if (ofVideos !== videos || (ofQuestions !== questions && ofQuestions !== 1) || ofTime !== time || ofDim !== dim) {
    throw new ShapeError(
      `JointTemporalGrounding: ${name} has shape [${segments.shape.join(', ')}], expected [videos=${videos}, questions=${questions} or 1, time=${time}, dim=${dim}]`,
    );
  }
  return segments;
}
