import { z } from 'zod';

const positiveInteger = z.int().positive();
const share = z.number().min(0).lt(1);

const engine = z.strictObject({
  backend: z.enum(['auto', 'tensorflow', 'wasm', 'cpu']).default('auto'),
  threads: positiveInteger.nullable().default(null), // null: all on tensorflow, one on wasm, whose waiting threads keep a core busy
});

const miniAvqa = z.strictObject({
  kind: z.literal('mini-avqa'),
  root: z.string().nullable().default(null), // null: a cache folder named after the world's settings
  seed: z.int().nonnegative(),
  videos: z.strictObject({ train: positiveInteger, val: positiveInteger, test: positiveInteger }),
  workers: positiveInteger.default(2), // threads that draw it
});

const musicAvqa = z.strictObject({
  kind: z.literal('music-avqa'),
  root: z.string().nullable().default(null), // holds avqa-val.json(.gz), avqa-test.json(.gz), avqa-train.json(.gz); null: the data root (TASS_DATA)
  holdOut: share, // without a train file: the share of val's videos that chooses the epoch; the rest of val is trained on
  holdOutSeed: z.int().nonnegative(),
});

const features = z.strictObject({
  clip: z.string(), // folder of the CLIP model in the hub's layout
  audio: z.string(), // folder of the audio encoder
  patches: z.enum(['final', 'value']), // read-out of CLIP's patch embeddings
  words: z.enum(['prompt', 'token']), // read-out of CLIP's word embeddings
  store: z.string().nullable().default(null), // null: beside the dataset
  segmentSeconds: positiveInteger.default(1), // from one segment's start to the next one's; 6 for a video of 60 s in ten segments
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
  }),
  jtg: z.strictObject({ stream: z.enum(['single', 'dual']), context: z.enum(['bilstm', 'attention', 'none']) }),
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

const batch = z.strictObject({ videos: positiveInteger, questions: positiveInteger });

/** Everything that decides what an experiment computes. Two runs of one resolved configuration on one machine give the same bits. */
export const experimentSchema = z
  .strictObject({
    title: z.string(),
    seed: z.int().nonnegative(),
    epochs: positiveInteger,
    batch,
    engine,
    dataset: z.discriminatedUnion('kind', [miniAvqa, musicAvqa]),
    features: features.nullable(), // null: the network sees the question only
    model,
    loss,
    optimizer,
  })
  .superRefine(({ model: { match }, loss }, context) => {
    const text = match === 'none' ? '0, as model.match is none' : `more than 0, as model.match is ${match}; or model.match=none`;
    if ((match === 'none') !== (loss.match === 0)) context.addIssue({ code: 'custom', path: ['loss', 'match'], message: text });
  });

export type Experiment = z.infer<typeof experimentSchema>;
