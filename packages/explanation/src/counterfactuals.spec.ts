import { Vocabulary, type Question } from '@tass/dataset-music-avqa';
import type { BatchSource } from '@tass/experiment';
import type { NetworkBatch } from '@tass/network';
import { tf, useEngine } from '@tass/tensor';
import { alterations } from './counterfactuals';

beforeAll(() => useEngine({ backend: 'cpu' }));

it('mutes and shuffles patches of sound together with its vectors', () => {
  const question = { id: 1, videoId: 'a', text: 'how many are there', words: ['how', 'many', 'are', 'there'], type: 0, answer: 1 } as unknown as Question; // prettier-ignore
  const seconds = tf.range(0, 6);
  const inputs: NetworkBatch = {
    audio: tf.broadcastTo(tf.reshape(seconds, [1, 6, 1]), [1, 6, 3]) as tf.Tensor3D,
    audioPatches: tf.broadcastTo(tf.reshape(seconds, [1, 6, 1, 1]), [1, 6, 2, 4]) as tf.Tensor4D,
    wordMask: tf.ones([1, 1, 4]),
  };
  const source = { vocabulary: Vocabulary.fromQuestions([question]) } as unknown as BatchSource;
  const blanks = { audio: new Float32Array(3).fill(-1), audioPatches: new Float32Array(4).fill(-2) };
  const [muted, shuffled] = alterations(inputs, question, source, blanks).map(({ inputs: altered }) => altered);
  const firsts = (tensor: tf.Tensor | undefined) => [...tf.reshape(tensor!, [6, -1]).dataSync()].filter((_, i) => i % (tensor!.size / 6) === 0); // prettier-ignore
  expect([firsts(muted.audio), firsts(muted.audioPatches)]).toEqual([Array(6).fill(-1), Array(6).fill(-2)]);
  expect(firsts(shuffled.audioPatches)).toEqual(firsts(shuffled.audio));
  expect(firsts(shuffled.audio)).not.toEqual(firsts(inputs.audio));
});
