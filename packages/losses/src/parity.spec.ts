import { join } from 'node:path';
import { beyondParity, readFixture } from '@tass/testing';
import { engineFromEnvironment, tf, compiledGradients } from '@tass/tensor';
import { answerLoss } from './answer-loss';
import { ContrastiveMatch } from './contrastive-match';
import { crossModalSynchrony } from './cross-modal-synchrony';
import { MatchHead, type MatchHeadParameters } from './match-head';

beforeAll(() => engineFromEnvironment());

/** The fixture is written by tools/parity: PyTorch in float64, pair by pair. */
it('equals the reference', async () => {
  const fixture = readFixture(join(__dirname, 'fixtures', 'losses.json'));
  const tensors = (arrays: typeof fixture.inputs) =>
    new Map(
      [...arrays].map(([key, { shape, values }]) => [
        key,
        tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
      ]),
    );
  const inputs = Object.fromEntries(tensors(fixture.inputs));
  const parameters = tensors(fixture.parameters);

  const { outputs, gradients } = await compiledGradients(parameters, inputs, (named, inputs) => {
    const mask = inputs.mask as tf.Tensor2D;
    const layer = (name: string) => ({ weight: named.get(`matchHead.${name}.weight`), bias: named.get(`matchHead.${name}.bias`) });
    const head = {
      audio: layer('audio'),
      visual: layer('visual'),
      second: layer('second'),
      third: layer('third'),
      output: layer('output'),
    };
    const { audio, visual, mismatched } = inputs as { audio: tf.Tensor3D; visual: tf.Tensor4D; mismatched: tf.Tensor4D };
    const synchrony = crossModalSynchrony({
      visual: tf.softmax(named.get('visualScores') as tf.Tensor3D),
      audio: tf.softmax(named.get('audioScores') as tf.Tensor3D),
      mask,
    });
    const losses = {
      answer: answerLoss({ logits: named.get('logits') as tf.Tensor3D, answers: inputs.answers as tf.Tensor2D, mask }),
      divergence: synchrony.divergence,
      matchHead: MatchHead.loss(head as unknown as MatchHeadParameters, { audio, visual, mismatched, mask }),
      contrastive: ContrastiveMatch.loss(
        { logTemperature: named.get('contrastive.logTemperature') as tf.Scalar },
        { audio: inputs.jointAudio as tf.Tensor3D, grounded: named.get('grounded') as tf.Tensor4D, mask },
      ),
    };
    const { visualEntropy, audioEntropy } = synchrony;
    return { ...losses, visualEntropy, audioEntropy, total: tf.addN(Object.values(losses)) };
  });
  expect(beyondParity(outputs, fixture.outputs)).toEqual([]);
  expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  expect(fixture.gradients.size).toBe(parameters.size);
});
