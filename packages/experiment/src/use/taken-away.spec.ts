import type { NetworkBatch } from '@tass/network';
import { tf, useEngine } from '@tass/tensor';
import { withBlanks } from './taken-away';

beforeAll(() => useEngine({ backend: 'cpu' }));

it('takes away a second of all that is seen and heard, patches of sound too', () => {
  const inputs: NetworkBatch = {
    regions: tf.ones([1, 3, 4, 2]),
    frames: tf.ones([1, 3, 2]),
    audio: tf.ones([1, 3, 5]),
    audioPatches: tf.ones([1, 3, 2, 4]),
    wordMask: tf.ones([1, 1, 1]),
  };
  const blank = (channels: number) => new Float32Array(channels).fill(7);
  const blanks = { regions: blank(2), frames: blank(2), audio: blank(5), audioPatches: blank(4) };
  const changed = withBlanks(inputs, blanks, 'seconds', [Float32Array.of(1, 0, 1)]);
  expect(Object.keys(changed)).toEqual(['regions', 'frames', 'audio', 'audioPatches']);
  for (const [name, tensor] of Object.entries(changed) as [keyof typeof changed, tf.Tensor][]) {
    const bySecond = tf.mean(tf.reshape(tensor, [3, -1]), 1).dataSync();
    expect({ name, bySecond: [...bySecond] }).toEqual({ name, bySecond: [1, 7, 1] });
  }
});
