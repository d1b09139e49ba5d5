import type { StreamName } from '@tass/jtg';
import type { TargetAwareSpatialGroundingConfig } from '@tass/tsg-plus';

/** How the answer sees the segments, besides the stream's output: by their plain means, or by their means weighted with the question's attention. */
export const summaryForms = ['means', 'attended'] as const;

/** The network and its ablations. Some widths are fixed by the features (`joint`, `audioDim`, `time`), the others are chosen. */
export interface TassConfig {
  readonly dim: number; // width of the network: even, a multiple of heads
  readonly joint: number; // width of CLIP's joint image-text space
  readonly visualDim?: number; // width of frames and regions that are not in the joint space: learned maps bring them there (ours)
  readonly audioDim: number;
  readonly heads: number;
  readonly time: number; // segments of a video
  readonly answers: number;
  readonly dropout: number; // share dropped in training; 0 is off
  /** Both false: question only. Parts that a missing modality leaves without input are not built. */
  readonly inputs: { readonly audio: boolean; readonly video: boolean };
  readonly question: {
    readonly encoder: 'clip' | 'learned'; // frozen CLIP embeddings, or word embeddings and an LSTM learned here
    readonly target: 'soft' | 'hard';
    readonly vocabulary?: number; // words known to the learned encoder, padding and unknown included
  };
  readonly tsgPlus: Omit<TargetAwareSpatialGroundingConfig, 'joint' | 'dim'>;
  readonly jtg: { readonly stream: StreamName; readonly context: 'bilstm' | 'attention' | 'none' };
  readonly summary: (typeof summaryForms)[number];
  readonly match: 'none' | 'head' | 'contrastive';
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
