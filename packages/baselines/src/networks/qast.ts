import { INTERVENTIONS, type ForwardOptions, type Network, type NetworkBatch, type NetworkConfig, type NetworkOutputs, attentionChange } from '@tass/network'; // prettier-ignore
import { type LayerNormParameters, type LinearParameters, type MultiHeadAttentionParameters, DropoutSource, LayerNorm, Linear, MultiHeadAttention, batchedMatMul, hostTensor, tf } from '@tass/tensor'; // prettier-ignore
import { z } from 'zod';
import { dropAt } from '../feed-forward';
import { initialValues } from '../initial-values';
import { largest } from '../largest';
import { AnswerHead, type AnswerHeadParameters, SemanticLayer, type SemanticLayerParameters } from '../qast/answer-head';
import { EventMemory, type EventMemoryParameters } from '../qast/event-memory';
import { EventPositions, type EventPositionsParameters } from '../qast/event-positions';
import { EventReaders, type EventReadersParameters } from '../qast/event-readers';
import { lossNames, qastLosses } from '../qast/losses';
import { PatchReader, type PatchReaderParameters } from '../qast/patch-reader';
import { QuestionRouter, type QuestionRouterParameters } from '../qast/question-router';
import { readEncodedBatch, readPrompt } from '../read-batch';

const settings = z.strictObject({
  semantic: z.enum(['mean', 'layer']), // what the tokens of a question mean: their mean, as in the reported model, or a layer of attention
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of every attention; a divisor of dim; 8
  patches: z.int().positive(), // of a frame that a question keeps; 4 of 14
  readers: z.int().positive(), // learned queries; 10
  dropout: z.number().min(0).lt(1), // 0.1
});

type Settings = z.infer<typeof settings>;

interface QastParameters {
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly regions: LinearParameters; // [regionDim] -> [dim]
  readonly sentence: LinearParameters; // [textDim] -> [dim]
  readonly prompt: LinearParameters; // [textDim] -> [dim]
  readonly router: QuestionRouterParameters;
  readonly patches: PatchReaderParameters;
  readonly memory: EventMemoryParameters;
  readonly positions: EventPositionsParameters;
  readonly context: { readonly attention: MultiHeadAttentionParameters; readonly norm: LayerNormParameters };
  readonly readers: EventReadersParameters;
  readonly semantic?: SemanticLayerParameters; // with `semantic: layer`
  readonly head: AnswerHeadParameters;
}

const RISING_EPOCHS = 3; // of the losses that rise
const REST = 4; // a quarter of the seconds, those of least importance

/**
 * QAST-EHR (2026), from a description of its public code. a, v, P, q, r: linear maps of sound, frames, patches, sentence and prompt, the question as a
 * declaration. dx_t = x_t - x_(t-1), 0 at the first. W: a linear map with a bias, each its own.
 *   s = router(q; v, dv, a, da): `QuestionRouter`; e, g = patches(s, q, a; P): `PatchReader`; e, memory = contexts of 3, 7 and 15 seconds: `EventMemory`
 *   e = e with positions: `EventPositions`; q' = LN(q + MHA(q; [a; v; e])); u, i = 10 readers of e, told q' and r, and each second's importance: `EventReaders`
 *   a, v, g pooled by i; semantic = mean of the 15 tokens [q', r, memory, u], or with `semantic: layer` the first one behind `SemanticLayer`
 *   logits: `AnswerHead` of q', a, v, semantic and g; losses: `qastLosses`
 * The published result is that of `semantic: mean` ("without SCM"), an ablation of its authors that was read on test; its val preferred the full model.
 * [our reading] Each norm and map is a layer of its own; all MLPs have gelu; e is standardised, mixed and pooled for each question by itself; the
 * logits by seconds of least importance take for semantic the mean of e over that quarter of the seconds, and all else as it is; dropout .1.
 * Throws ShapeError, RangeError.
 */
function qast(
  parameters: QastParameters,
  batch: NetworkBatch,
  { dropout, heads, patches: kept, sizes }: NetworkConfig<Settings>,
  { training, maps, intervention }: ForwardOptions,
): NetworkOutputs {
  return tf.tidy(() => {
    const { regions, frames, audio, sentence } = readEncodedBatch('qast', batch, sizes);
    const source = training && DropoutSource.fromSeed(training.seed);
    const at = (place: string) => dropAt(dropout, source?.fork(place));
    const sound = tf.expandDims(Linear.forward(parameters.audio, audio), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const picture = tf.expandDims(Linear.forward(parameters.frames, frames), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const patches = Linear.forward(parameters.regions, regions); // [videos, time, regions, dim]
    const asked = Linear.forward(parameters.sentence, sentence); // [videos, questions, dim]
    const prompt = Linear.forward(parameters.prompt, readPrompt('qast', batch, sizes)); // [videos, questions, dim]

    const routed = QuestionRouter.forward(parameters.router, { picture, sound, question: asked, drop: at('router') });
    const reshare = intervention === 'uniform-map' ? (map: tf.Tensor4D): tf.Tensor4D => tf.fill(map.shape, 1 / sizes.regions!) : undefined;
    const looked = PatchReader.forward(parameters.patches, { events: routed, patches, sound, question: asked, kept, drop: at('patches'), reshare }); // prettier-ignore
    const remembered = EventMemory.forward(parameters.memory, { events: looked.events, question: asked, drop: at('memory') });
    const { memory } = remembered;
    const { events, strength } = EventPositions.forward(parameters.positions, { events: remembered.events, picture, sound, question: asked }); // prettier-ignore

    const { context } = parameters;
    const inputs = { query: asked, streams: [sound, picture, events], dropout: at('context') };
    const question = LayerNorm.forward(context.norm, tf.add(asked, MultiHeadAttention.forward(context.attention, inputs, { heads }).output) as tf.Tensor3D); // prettier-ignore
    const reading = { attentionDrop: at('readers.attention'), drop: at('readers'), change: attentionChange(intervention) };
    const { read, importanceByHead } = EventReaders.forward(parameters.readers, { events, question, prompt, heads, ...reading });
    const importance = tf.mean(importanceByHead, 2) as tf.Tensor3D; // [videos, questions, time]
    const pooled = {
      question,
      sound: batchedMatMul(importance, tf.squeeze(sound, [1])) as tf.Tensor3D, // [videos, questions, dim], as the others
      picture: batchedMatMul(importance, tf.squeeze(picture, [1])) as tf.Tensor3D,
      patches: pooledBy(importance, looked.seen),
    };
    const tokens = tf.concat([tf.stack([question, prompt], 2), memory, read], 2) as tf.Tensor4D;
    const semantic = parameters.semantic
      ? SemanticLayer.forward(parameters.semantic, tokens, { heads, attentionDrop: at('semantic.attention'), drop: at('semantic') })
      : (tf.mean(tokens, 2) as tf.Tensor3D);
    const answer = (meant: tf.Tensor3D) => AnswerHead.forward(parameters.head, { ...pooled, semantic: meant, drop: at('head') });
    const logits = answer(semantic);
    const given = {
      logits,
      attention: { visual: importance, audio: importance },
      attentionByHead: { visual: importanceByHead, audio: importanceByHead },
      ...(maps ? { grounding: { map: looked.map } } : {}),
    };
    if (!training) return given;
    const { labels, epoch } = training;
    const rest = pooledBy(leastOf(importance, Math.max(1, Math.floor(sizes.time / REST))), events);
    const rise = epoch ? hostTensor<tf.Scalar>(() => Math.min(1, (epoch() + 1) / RISING_EPOCHS), []) : tf.scalar(1);
    const { queries } = parameters.readers;
    const losses = qastLosses({ ...pooled, ...labels, events, memory, queries, strength, logits, logitsOfRest: answer(rest), rise });
    return { ...given, losses };
  });
}

/** The sum by shares [videos, questions, time] of x [videos, questions, time, dim], [videos, questions, dim]. */
const pooledBy = (shares: tf.Tensor3D, x: tf.Tensor4D): tf.Tensor3D => tf.squeeze(batchedMatMul(tf.expandDims(shares, 2), x), [2]);

/** Equal shares of the `count` seconds of least importance, 0 elsewhere: [videos, questions, time]. */
const leastOf = (importance: tf.Tensor3D, count: number): tf.Tensor3D => tf.mean(largest(tf.neg(importance), count), 2);

export const network: Network<Settings, QastParameters> = {
  name: 'qast',
  settings,
  example: { semantic: 'layer', dim: 8, heads: 2, patches: 3, readers: 5, dropout: 0 }, // mean has a spec of its own
  optionalLosses: lossNames,
  needs: () => ({ video: true, audio: true, text: true, prompt: true }),
  takesTokens: true, // it reads sentence and prompt alone
  interventions: () => INTERVENTIONS,

  mistakes: ({ dim, heads }) => (dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
  remarks: () => ['its prompts are not its authors\', which are not public; where the description of its code leaves a choice, the choice is ours'], // prettier-ignore

  initialize({ semantic, dim, heads, patches, readers, sizes }, random) {
    if (patches >= sizes.regions!) throw new RangeError(`qast: model.patches is ${patches}, expected less than the ${sizes.regions} patches of a frame: else nothing is chosen`); // prettier-ignore
    const linear = (name: string, from: number) => Linear.initialize({ from, to: dim }, random.fork(name));
    return {
      audio: linear('audio', sizes.audioDim!),
      frames: linear('frames', sizes.frameDim!),
      regions: linear('regions', sizes.regionDim!),
      sentence: linear('sentence', sizes.textDim!),
      prompt: linear('prompt', sizes.textDim!),
      router: QuestionRouter.initialize(dim, random.fork('router')),
      patches: PatchReader.initialize(dim, random.fork('patches')),
      memory: EventMemory.initialize(dim, random.fork('memory')),
      positions: EventPositions.initialize(dim, random.fork('positions')),
      context: { attention: initialValues.attention({ dim, heads }, random.fork('context')), norm: LayerNorm.initialize({ dim }) },
      readers: EventReaders.initialize({ dim, heads, readers }, random.fork('readers')),
      ...(semantic === 'layer' ? { semantic: SemanticLayer.initialize({ dim, heads }, random.fork('semantic')) } : {}),
      head: AnswerHead.initialize({ dim, answers: sizes.answers }, random.fork('head')),
    };
  },

  forward: qast,
};
