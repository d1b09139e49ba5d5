import type { Network } from '@tass/network';
import { tf } from '@tass/tensor';
import { z } from 'zod';
import { FeedForward } from '../feed-forward';
import { Grounding, type GroundingParameters } from '../grounding';
import { negativesOf } from '../negatives';

const settings = z.strictObject({
  dim: z.int().positive(), // that of the network which starts from it; 512
});

/**
 * The first stage of ST-AVQA and TJSTG (code): sounds and pictures alone, grounded by the sound, and a match head that tells a sound's own picture from
 * another one. It answers nothing: its logits are 0, every epoch is as good on val, and so the last one is kept. ST-AVQA then starts from it by
 * `initialize.from`. Other than published: a negative is the picture of another video of the batch.
 */
export const network: Network<z.infer<typeof settings>, GroundingParameters> = {
  name: 'match-pretraining',
  settings,
  example: { dim: 8 },
  losses: ['match'],
  needs: () => ({ video: true, audio: true, text: false }),
  remarks: () => ['this network answers nothing: it trains the grounding that another one starts from, by initialize.from'],
  initialize: ({ dim, sizes }, random) => Grounding.initialize(dim, sizes, random),

  forward(parameters, { regions, audio, wordMask }, { sizes }, { training }) {
    return tf.tidy(() => {
      const [videos, questions] = wordMask.shape;
      const logits = tf.zeros([videos, questions, sizes.answers]) as tf.Tensor3D;
      if (!training) return { logits };
      const sound = FeedForward.forward(parameters.audio, audio!); // [videos, time, dim]
      const queries = tf.expandDims(sound, 2) as tf.Tensor4D;
      const negatives = negativesOf(training.seed, videos, sizes.time);
      const segments = Grounding.forward(parameters, { regions: regions!, queries, negatives }, (cosines) => tf.softmax(cosines));
      return { logits, losses: { match: Grounding.matchLoss(parameters, sound, segments, training.labels.mask) } };
    });
  },
};
