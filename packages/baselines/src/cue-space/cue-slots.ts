import { type LayerNormParameters, type MultiHeadAttentionParameters, type Random, CrossAttention, LayerNorm, tf } from '@tass/tensor';
import type { Drop } from '../feed-forward';
import { initialValues } from '../initial-values';

/** Which branches a group of slots reads, in order. */
const GROUPS = {
  soundAndShared: ['sound', 'shared'],
  sharedAndPicture: ['shared', 'picture'],
  all: ['sound', 'picture', 'shared'],
} as const;

export type Branch = 'sound' | 'picture' | 'shared';
interface ReaderParameters {
  readonly attention: MultiHeadAttentionParameters;
  readonly norm: LayerNormParameters;
}
export type CueSlotsParameters = Readonly<Record<keyof typeof GROUPS, Readonly<Partial<Record<Branch, ReaderParameters>>>>>;

const groupNames = Object.keys(GROUPS) as (keyof typeof GROUPS)[];

/**
 * Slots that start as the question's words and collect cues from branches: for each group, for each of its branches in turn,
 *   slots <- LN(slots + MHA(slots; branch))
 * [our reading] Each reading has layers of its own.
 */
export const CueSlots = {
  initialize: ({ dim, heads }: { readonly dim: number; readonly heads: number }, random: Random): CueSlotsParameters =>
    Object.fromEntries(
      groupNames.map((group) => {
        const reader = (branch: Branch): ReaderParameters => ({
          attention: initialValues.attention({ dim, heads }, random.fork(`${group}.${branch}`)),
          norm: LayerNorm.initialize({ dim }),
        });
        return [group, Object.fromEntries(GROUPS[group].map((branch) => [branch, reader(branch)]))];
      }),
    ) as unknown as CueSlotsParameters,

  /** Words [videos, questions, words, dim]; branches [videos, questions or 1, time, dim] -> slots of all groups [videos, questions, 3 * words, dim]. */
  forward(
    parameters: CueSlotsParameters,
    { words, branches }: { readonly words: tf.Tensor4D; readonly branches: Readonly<Record<Branch, tf.Tensor4D>> },
    { heads, at }: { readonly heads: number; readonly at: (place: string) => Drop | undefined },
  ): tf.Tensor4D {
    return tf.tidy(() => {
      const filled = groupNames.map((group) =>
        GROUPS[group].reduce((slots: tf.Tensor4D, branch) => {
          const { attention, norm } = parameters[group][branch]!;
          const inputs = { query: slots, stream: branches[branch], dropout: at(`${group}.${branch}`) };
          return LayerNorm.forward(norm, tf.add(slots, CrossAttention.forward(attention, inputs, { heads })) as tf.Tensor4D);
        }, words),
      );
      return tf.concat(filled, 2) as tf.Tensor4D;
    });
  },
};

/** What is there of the slots, [videos, questions, 3 * words], of the words' mask. */
export const slotMask = (wordMask: tf.Tensor3D): tf.Tensor3D => tf.tile(wordMask, [1, 1, groupNames.length]);
