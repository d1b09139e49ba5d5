import { z } from 'zod';
import { lossSchema, mistakesOf, modelSchema, readsWordByWord } from './networks';

/** Far above real values, but low enough that larger ones are refused quickly and without filling memory; `docs/limits.md` lists them. */
const most = {
  epochs: 1_000_000,
  questions: 1_000_000,
  videos: 100_000,
  frameSize: 8192,
  segments: 10_000,
  seconds: 86_400,
  processes: 1024,
};
const upTo = (limit: number) => z.int().positive().max(limit);

const share = z.number().min(0).lt(1);

const engine = z.strictObject({
  backend: z.enum(['auto', 'onnxruntime', 'tensorflow', 'wasm', 'cpu', 'tfjs-node', 'tfjs-node-gpu']).default('auto'),
  compile: z.enum(['off', 'graph']).default('graph'), // a step as one function, on onnxruntime and tensorflow; elsewhere nothing
  device: z.enum(['auto', 'cpu', 'gpu', 'webgpu']).optional(), // absent: TASS_DEVICE, or the CPU, but for tfjs-node-gpu
  threads: upTo(most.processes).nullable().default(null), // null: all on onnxruntime and tensorflow, one on wasm, whose waiting threads keep a core busy
});

const miniAvqa = z.strictObject({
  kind: z.literal('mini-avqa'),
  root: z.string().nullable().default(null), // null: a cache folder named after the world's settings
  seed: z.int().nonnegative(),
  videos: z.strictObject({ train: upTo(most.videos), val: upTo(most.videos), test: upTo(most.videos) }),
  workers: upTo(most.processes).default(2), // processes that draw it
});

const realVideos = {
  root: z.string().nullable().default(null), // holds avqa-val.json(.gz), avqa-test.json(.gz), avqa-train.json(.gz); null: the data root (TASS_DATA)
  videos: z.string().nullable().default(null), // folder of the video files; null: videos/ in the root. Ready frames/ and audio/ need none
  frameSize: upTo(most.frameSize).nullable().default(null), // shortest edge of the frames that are extracted; null: as in the video
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

const fortisAvqa = z.strictObject({ kind: z.literal('fortis-avqa'), ...realVideos }); // MUSIC-AVQA's train and val, FortisAVQA-test.json(.gz)

const features = z.strictObject({
  clip: z.string(), // the CLIP of frames and texts: a folder in the hub's layout, or a model's name on the hub
  dtype: z.enum(['fp32', 'fp16', 'q8']).default('fp32'), // which of the model's files
  patches: z.enum(['final', 'value']), // read-out of CLIP's patch embeddings
  words: z.enum(['prompt', 'token', 'hidden']), // read-out of CLIP's word embeddings; hidden: all tokens, in no joint space
  audio: z.string(), // the audio encoder, likewise
  audioWindow: z.enum(['segment', 'around']).default('segment'), // what AST and CLAP hear: from the segment's second on, or the ten seconds around it
  importedVisual: z.string().nullable().default(null), // the store of imported frames and patches, instead of CLIP's; a folder of the store
  importedAudio: z.string().nullable().default(null), // of imported sound, instead of the audio encoder's
  sampling: z.enum(['every', 'content']).default('every'), // every n-th second, or the most typical second of each stretch
  segments: upTo(most.segments).default(10),
  segmentSeconds: upTo(most.seconds).default(1), // from one segment's start to the next one's; 6 for a video of 60 s in ten segments
  shortVideos: z.enum(['repeat', 'refuse']).default('repeat'), // repeat: the last second stands for up to a sixth that is missing (10 s of 60)
  faults: z.enum(['refuse', 'accept']).default('refuse'), // accept: what is missing is read as zeros, what is doubtful as it is
  store: z.string().nullable().default(null), // null: beside the dataset, of v2.0 and R a folder for each
  workers: upTo(most.processes).default(2),
  device: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'coreml', 'dml']).default('cpu'), // where the encoders compute; auto: a GPU if one is found
});

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('step'), factor: z.number().positive(), everyEpochs: upTo(most.epochs) }),
  z.strictObject({ kind: z.literal('cosine'), warmUp: z.number().min(0).lt(1), least: z.number().min(0).max(1) }), // shares of the steps, and of the rate
  z.strictObject({ kind: z.literal('one-cycle'), warmUp: share }),
]);

const optimizer = z.strictObject({
  learningRate: z.number().positive(),
  beta1: share,
  beta2: share,
  epsilon: z.number().positive(),
  weightDecay: z.number().nonnegative().default(0), // of all parameters, as in AdamW
  clipNorm: z.number().positive().nullable(),
  schedule,
});

const batch = z
  .strictObject({
    questions: upTo(most.questions), // about so many, never more
    perVideo: upTo(most.questions), // of one video at most; 1: single questions. What is computed of a video is shared by its questions
  })
  .refine(({ questions, perVideo }) => perVideo <= questions, { path: ['perVideo'], message: 'at most batch.questions' });

/**
 * Everything that decides what an experiment computes. Two runs of one resolved configuration on one machine give the same bits. `config`
 * is the configuration to check, because its network decides which losses exist.
 */
export const experimentSchemaFor = (config: unknown) =>
  z
    .strictObject({
      title: z.string(),
      seed: z.int().nonnegative(),
      epochs: upTo(most.epochs),
      initialize: z.strictObject({ from: z.string() }).nullable().default(null), // a run whose parameters are taken by name: those of its best epoch
      pages: z.int().nonnegative().max(200).optional(), // of test questions, written when a run that is no sweep's has finished; absent: none. Decides no result
      batch,
      engine,
      dataset: z.discriminatedUnion('kind', [miniAvqa, musicAvqa, musicAvqaV2, musicAvqaR, fortisAvqa]),
      features: features.nullable(), // null: the network sees the question only
      model: modelSchema,
      loss: lossSchema((config as { readonly model?: unknown } | null | undefined)?.model),
      optimizer,
    })
    .superRefine(({ model, loss, features }, context) => {
      if (features?.words === 'hidden' && readsWordByWord(model))
        context.addIssue({
          code: 'custom',
          path: ['features', 'words'],
          message: `prompt or token, as ${model.network} reads words, not all tokens`,
        });
      for (const { path, expected } of mistakesOf(model, loss)) context.addIssue({ code: 'custom', path: [...path], message: expected });
    });

export type Experiment = z.infer<ReturnType<typeof experimentSchemaFor>>;
