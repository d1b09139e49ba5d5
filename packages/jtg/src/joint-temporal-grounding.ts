import { type DropoutSource, type Module, type WeightsChange, ShapeError, tf } from '@tass/tensor';
import { StreamAttention } from './stream-attention';
import { streamOf, type StreamName, type StreamParameters } from './streams';
import { type ContextName, TemporalContext, type TemporalContextParameters } from './temporal-context';

export interface JointTemporalGroundingConfig {
  readonly dim: number;
  readonly heads: number;
  readonly time: number; // segments of a video
  readonly dropout: number;
  readonly stream: StreamName; // single and dual do not differ if a modality is missing
  readonly context: ContextName;
  readonly modalities: { readonly audio: boolean; readonly video: boolean }; // at least one
}
export interface JointTemporalGroundingParameters extends StreamParameters {
  readonly visualContext?: TemporalContextParameters;
  readonly audioContext?: TemporalContextParameters;
  readonly timeEmbedding: tf.Tensor2D; // [time, dim]
}
export interface JointTemporalGroundingInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly visual?: tf.Tensor4D; // [videos, questions or 1, time, dim]; 1: shared by the questions
  readonly audio?: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly dropout?: DropoutSource; // in training
  readonly change?: WeightsChange; // replaces the shares in time of each modality, [videos, questions, heads, time]
}
export interface JointlyGrounded {
  readonly fused: tf.Tensor3D; // [videos, questions, dim]
  readonly visual?: tf.Tensor4D; // the segments in their context, as given in shape
  readonly audio?: tf.Tensor4D;
  readonly attention: { readonly visual?: tf.Tensor3D; readonly audio?: tf.Tensor3D }; // [videos, questions, time] each, rescaled to sum to 1
  readonly attentionByHead: { readonly visual?: tf.Tensor4D; readonly audio?: tf.Tensor4D };
}

const EMBEDDING_DEVIATION = 0.02;

/**
 * Grounds the question in time on the audio-visual stream and fuses both modalities in the same step. Source: arXiv 2405.07451, JTG, from
 * its abstract and public summaries. (code): temporal context by a bidirectional LSTM, four heads, even and odd positions of one stream v1
 * a1 v2 a2 ... as the modalities' halves. (ours): modality and time embeddings, the rescaled halves. `streams` has the forms. A single
 * modality is attended to directly, unless the form itself accepts one. Throws ShapeError, RangeError.
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
    const context = (name: string): TemporalContextParameters => TemporalContext.initialize(config, random.fork(name));
    return {
      ...(modalities.video ? { visualContext: context('visualContext') } : {}),
      ...(modalities.audio ? { audioContext: context('audioContext') } : {}),
      timeEmbedding: tf.tensor2d(random.fork('timeEmbedding').normals(time * dim, EMBEDDING_DEVIATION), [time, dim]),
      ...(hasBoth(config) || streamOf(config.stream).takesOne
        ? streamOf(config.stream).initialize(config, random)
        : { stream: StreamAttention.initialize(config, random.fork('stream')) }),
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
      const inTime = (segments: tf.Tensor4D) => tf.add(segments, parameters.timeEmbedding) as tf.Tensor4D;
      const { question, dropout, change } = inputs;
      const stream = streamOf(config.stream);
      if (hasBoth(config) || stream.takesOne) {
        const segments = { visual: visual && inTime(visual), audio: audio && inTime(audio) };
        return { ...stream.forward(parameters, { question, ...segments, dropout, change }, config), visual, audio };
      }
      const alone = inTime((visual ?? audio)!);
      const { fused, attention, byHead } = StreamAttention.forward(
        parameters.stream!,
        { question, streams: [alone], dropout: dropout?.fork('stream'), change },
        config,
      );
      return visual
        ? { fused, visual, attention: { visual: attention }, attentionByHead: { visual: byHead } }
        : { fused, audio, attention: { audio: attention }, attentionByHead: { audio: byHead } };
    });
  },
};

function hasBoth({ modalities }: JointTemporalGroundingConfig): boolean {
  return modalities.audio && modalities.video;
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
