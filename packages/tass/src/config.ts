import { contextNames, streamNames } from '@tass/jtg';
import { type TargetAwareSpatialGroundingConfig, mapsForms } from '@tass/tsg-plus';
import { z } from 'zod';

/**
 * The loss that matches picture and sound: a head over the segments of every question (code), or of one question of each video (ours), or a
 * contrastive loss (ours).
 */
const matchForms = ['none', 'head', 'video-head', 'contrastive'] as const;

/** What an experiment says of the network: `model.*`. Both inputs false: question only. Parts that a missing modality leaves without input are not built. */
export const settings = z.strictObject({
  dim: z.int().positive(), // width of the network: even for a BiLSTM, a multiple of heads
  heads: z.int().positive(),
  dropout: z.number().min(0).lt(1), // share dropped in training; 0 is off
  inputs: z.strictObject({ audio: z.boolean(), video: z.boolean() }),
  question: z.strictObject({
    encoder: z.enum(['clip', 'learned']), // frozen CLIP embeddings, or word embeddings and an LSTM learned here
    target: z.enum(['soft', 'hard']),
  }),
  tsgPlus: z
    .strictObject({
      grounding: z.boolean(),
      textQuery: z.boolean(),
      audioQuery: z.boolean(),
      maps: z.enum(mapsForms),
      threshold: z.number().nonnegative(), // in units of 1/regions
      places: z.boolean().optional(), // the segment's feature also holds where the map looks
      presence: z.boolean().optional(), // and in which regions the target is visible at all
    })
    .transform(({ places, presence, ...rest }) => ({ ...rest, ...(places && { places }), ...(presence && { presence }) })), // off as in runs from before them
  jtg: z.strictObject({ stream: z.enum(streamNames), context: z.enum(contextNames) }),
  summary: z.enum(['means', 'attended']).default('means'), // how the answer sees the segments, besides the stream's output: by plain means, or weighted by the question's attention
  visualProjection: z.enum(['none', 'learned']).default('none'), // learned: for frames and patches that are not in CLIP's joint space
  match: z.enum(matchForms),
});

export type TassSettings = z.infer<typeof settings>;

/** The network and its ablations: the settings, and the widths that the features fix. */
export interface TassConfig extends Omit<TassSettings, 'visualProjection' | 'tsgPlus'> {
  readonly joint: number; // width of CLIP's joint image-text space
  readonly visualDim?: number; // width of frames and regions outside the joint space, which learned maps project into it (ours)
  readonly regionDim?: number; // width of regions, if it differs from visualDim, which is then that of frames
  readonly audioDim: number;
  readonly time: number; // segments of a video
  readonly answers: number;
  readonly question: TassSettings['question'] & {
    readonly vocabulary?: number; // words known to the learned encoder, padding and unknown included
  };
  readonly tsgPlus: Omit<TargetAwareSpatialGroundingConfig, 'joint' | 'dim'>;
}

/** The parts that a configuration builds, without those that a missing modality disables. */
export interface Parts extends Pick<TargetAwareSpatialGroundingConfig, 'grounding' | 'textQuery' | 'audioQuery'> {
  readonly anyModality: boolean;
  readonly match: TassConfig['match'];
  readonly audioInJointSpace: boolean;
}

export function partsOf({ inputs, tsgPlus, match }: TassConfig): Parts {
  const grounding = inputs.video && tsgPlus.grounding;
  const both = inputs.audio && inputs.video;
  const audioQuery = grounding && inputs.audio && tsgPlus.audioQuery;
  return {
    anyModality: inputs.audio || inputs.video,
    grounding,
    textQuery: grounding && tsgPlus.textQuery,
    audioQuery,
    match: both ? match : 'none',
    audioInJointSpace: audioQuery || (both && match === 'contrastive'),
  };
}
