import type { TassConfig } from '@tass/tass';
import { z } from 'zod';

const positiveInteger = z.int().positive();
const share = z.number().min(0).lt(1);

const engine = z.strictObject({
  backend: z.enum(['auto', 'onnxruntime', 'tensorflow', 'wasm', 'cpu', 'tfjs-node', 'tfjs-node-gpu']).default('auto'),
  compile: z.enum(['off', 'graph']).default('graph'), // a step as one function, on tensorflow; elsewhere nothing
  device: z.enum(['auto', 'cpu', 'gpu']).optional(), // absent: TASS_DEVICE, or auto, which is the CPU but for tfjs-node-gpu
  threads: positiveInteger.nullable().default(null), // null: all on onnxruntime and tensorflow, one on wasm, whose waiting threads keep a core busy
});

const miniAvqa = z.strictObject({
  kind: z.literal('mini-avqa'),
  root: z.string().nullable().default(null), // null: a cache folder named after the world's settings
  seed: z.int().nonnegative(),
  videos: z.strictObject({ train: positiveInteger, val: positiveInteger, test: positiveInteger }),
  workers: positiveInteger.default(2), // processes that draw it
});

const realVideos = {
  root: z.string().nullable().default(null), // holds avqa-val.json(.gz), avqa-test.json(.gz), avqa-train.json(.gz); null: the data root (TASS_DATA)
  videos: z.string().nullable().default(null), // folder of the video files; null: videos/ in the root. Ready frames/ and audio/ need none
  frameSize: positiveInteger.nullable().default(null), // shortest edge of the frames that are extracted; null: as in the video
  questions: z.enum(['all', 'present']).default('all'), // present: only those whose videos, frames, sound or features are here
  holdOut: share, // without a train file: the share of val's videos that chooses the epoch; the rest of val is trained on
  holdOutSeed: z.int().nonnegative(),
};

const musicAvqa = z.strictObject({ kind: z.literal('music-avqa'), ...realVideos });

const musicAvqaV2 = z.strictObject({
  kind: z.literal('music-avqa-v2'), // below the root: test_<version>.json(.gz), and <version>_valid.json or a train file, or both
  version: z.enum(['balance', 'bias']),
  ...realVideos,
});

const musicAvqaR = z.strictObject({ kind: z.literal('music-avqa-r'), ...realVideos }); // MUSIC-AVQA's train and val, avqa-test-{head,tail}.json(.gz)

const features = z.strictObject({
  clip: z.string(), // the CLIP of frames and texts: a folder in the hub's layout, or a model's name on the hub
  dtype: z.enum(['fp32', 'fp16', 'q8']).default('fp32'), // which of the model's files
  patches: z.enum(['final', 'value']), // read-out of CLIP's patch embeddings
  words: z.enum(['prompt', 'token']), // read-out of CLIP's word embeddings
  audio: z.string(), // the audio encoder, likewise
  audioWindow: z.enum(['segment', 'around']).default('segment'), // what AST and CLAP hear: from the segment's second on, or the ten seconds around it
  importedVisual: z.string().nullable().default(null), // the store of imported frames and patches, instead of CLIP's; a folder of the store
  importedAudio: z.string().nullable().default(null), // of imported sound, instead of the audio encoder's
  sampling: z.enum(['every', 'content']).default('every'), // every n-th second, or the most typical second of each stretch
  segments: positiveInteger.default(10),
  segmentSeconds: positiveInteger.default(1), // from one segment's start to the next one's; 6 for a video of 60 s in ten segments
  shortVideos: z.enum(['repeat', 'refuse']).default('repeat'), // repeat: the last second stands for up to a sixth that is missing (10 s of 60)
  faults: z.enum(['refuse', 'accept']).default('refuse'), // accept: what is missing is read as zeros, what is doubtful as it is
  store: z.string().nullable().default(null), // null: beside the dataset, of v2.0 and R a folder for each
  workers: positiveInteger.default(2),
});

const model = z.strictObject({
  dim: positiveInteger,
  heads: positiveInteger,
  dropout: share,
  inputs: z.strictObject({ audio: z.boolean(), video: z.boolean() }),
  question: z.strictObject({ encoder: z.enum(['clip', 'learned']), target: z.enum(['soft', 'hard']) }),
  tsgPlus: z.strictObject({
    grounding: z.boolean(),
    textQuery: z.boolean(),
    audioQuery: z.boolean(),
    maps: z.enum(['mean', 'separate']),
    threshold: z.number().nonnegative(), // in units of 1/regions
  }) satisfies z.ZodType<Omit<TassConfig['tsgPlus'], 'logitScale'>>,
  jtg: z.strictObject({ stream: z.enum(['single', 'dual']), context: z.enum(['bilstm', 'attention', 'none']) }),
  visualProjection: z.enum(['none', 'learned']).default('none'), // learned: for frames and patches that are not in CLIP's joint space
  match: z.enum(['none', 'head', 'contrastive']),
});

const loss = z.strictObject({ answer: z.number().positive(), match: z.number().nonnegative(), synchrony: z.number().nonnegative() });

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('step'), factor: z.number().positive(), everyEpochs: positiveInteger }),
  z.strictObject({ kind: z.literal('one-cycle'), warmUp: share }),
]);

const optimizer = z.strictObject({
  learningRate: z.number().positive(),
  beta1: share,
  beta2: share,
  epsilon: z.number().positive(),
  clipNorm: z.number().positive().nullable(),
  schedule,
});

const batch = z
  .strictObject({
    questions: positiveInteger, // about so many, never more
    perVideo: positiveInteger, // of one video at most; 1: single questions. What is computed of a video is shared by its questions
  })
  .refine(({ questions, perVideo }) => perVideo <= questions, { path: ['perVideo'], message: 'at most batch.questions' });

/** Everything that decides what an experiment computes. Two runs of one resolved configuration on one machine give the same bits. */
export const experimentSchema = z
  .strictObject({
    title: z.string(),
    seed: z.int().nonnegative(),
    epochs: positiveInteger,
    batch,
    engine,
    dataset: z.discriminatedUnion('kind', [miniAvqa, musicAvqa, musicAvqaV2, musicAvqaR]),
    features: features.nullable(), // null: the network sees the question only
    model,
    loss,
    optimizer,
  })
  .superRefine(({ model, loss }, context) => {
    const { match, dim, heads, jtg, inputs } = model;
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const text = match === 'none' ? '0, as model.match is none' : `more than 0, as model.match is ${match}; or model.match=none`;
    if ((match === 'none') !== (loss.match === 0)) refuse(['loss', 'match'], text);
    if (!inputs.audio && !inputs.video) return; // of the question alone there is no grounding in time
    if (dim % heads !== 0) refuse(['model', 'heads'], `a divisor of model.dim (${dim})`);
    if (jtg.context === 'bilstm' && dim % 2 !== 0) refuse(['model', 'dim'], 'an even number, as model.jtg.context is bilstm');
  });

export type Experiment = z.infer<typeof experimentSchema>;
