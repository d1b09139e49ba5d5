import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, namedParameters, tf, valueAndGradients, withParameters } from '@tass/tensor';
import { attentionLoss, audioMapLoss } from '@tass/losses';
import type { TassConfig } from './config';
import { ablations, batch, config, labels, ofOtherSpace, otherBatch, weights } from './fixtures/small-batch';
import { INTERVENTIONS, objective, type Intervention, type LossWeights, type NetworkBatch, type NetworkLabels } from '@tass/network';
import { lossesOf } from './losses';
import { Tass, type TassOutputs, type TassParameters } from './tass';

beforeAll(() => engineFromEnvironment());

const start = (of: TassConfig): TassParameters => Tass.initialize(of, Random.fromSeed(1));
const logitsOf = (of: TassConfig, given: NetworkBatch = batch, parameters = start(of)) =>
  Tass.forward(parameters, given, of).logits.dataSync();

const lossOf = (parameters: TassParameters, outputs: TassOutputs, targets: NetworkLabels, weighted: LossWeights = weights) =>
  objective({ ...outputs, ...lossesOf(parameters, outputs, targets.mask) }, targets, weighted, ['match', 'synchrony']);

function learn(of: TassConfig, given: NetworkBatch = batch, targets: NetworkLabels = labels, parameters = start(of)) {
  return valueAndGradients(namedParameters(parameters), (named) => {
    const tree = withParameters(parameters, named);
    return { ...lossOf(tree, Tass.forward(tree, given, of, { training: { seed: () => 0 } }), targets) };
  });
}

/** The tensors of a batch, each changed by `change`; of an axis that the tensor does not have nothing. */
function withEach(change: (tensor: tf.Tensor, name: keyof NetworkBatch) => tf.Tensor): NetworkBatch {
  return Object.fromEntries(
    Object.entries(batch).map(([name, tensor]) => [name, change(tensor, name as keyof NetworkBatch)]),
  ) as unknown as NetworkBatch;
}

const ofQuestions: (keyof NetworkBatch)[] = ['sentence', 'words', 'wordIds', 'wordMask'];

describe('Tass', () => {
  it.each(Object.entries(ablations))('has a finite gradient for every parameter: %s', (_, of) => {
    const { gradients } = learn(of);
    for (const [name, gradient] of gradients) {
      const values = [...gradient.dataSync()];
      expect({ name, finite: values.every(Number.isFinite) }).toEqual({ name, finite: true });
      const still = of.question.target === 'hard' && name.startsWith('question.target.'); // which word is the largest has no gradient
      expect({ name, moves: values.some((value) => value !== 0) }).toEqual({ name, moves: !still });
    }
  });

  it.each(Object.entries(ablations).filter(([name]) => name !== 'full'))('computes something else: %s', (_, of) => {
    const isLossOnly = JSON.stringify({ ...of, match: 'none' }) === JSON.stringify(config);
    const difference = greatestDifference(logitsOf(of), logitsOf(config));
    if (isLossOnly) {
      expect(difference).toBe(0);
      expect(learn(of).outputs.match.dataSync()[0]).toBeGreaterThan(0.1);
      expect(learn(config).outputs.match.dataSync()[0]).toBe(0);
    } else expect(difference).toBeGreaterThan(1e-4);
  });

  it.each(Object.entries(ablations))('answers otherwise under each intervention on what it has: %s', (_, of) => {
    const under = (intervention?: Intervention) => Tass.forward(start(of), batch, of, { intervention });
    const { audio, video } = of.inputs;
    for (const intervention of INTERVENTIONS) {
      const changes = intervention === 'uniform-map' ? video && of.tsgPlus.grounding : audio || video;
      const difference = greatestDifference(under(intervention).logits.dataSync(), under().logits.dataSync());
      expect({ intervention, changes: difference > 1e-6 }).toEqual({ intervention, changes });
    }
    const even = under('uniform-attention').attentionByHead;
    for (const half of Object.values(even ?? {}))
      expect(greatestDifference(half.dataSync(), tf.broadcastTo(tf.mean(half, -1, true), half.shape).dataSync())).toBeLessThan(1e-6);
  });

  it('holds only the parameters that it uses', () => {
    const parts = (name: string): string[] => Object.keys(start(ablations[name])).sort();
    const full = ['answer', 'audio', 'audioInJointSpace', 'jtg', 'merge', 'question', 'tsgPlus'];
    expect(parts('full')).toEqual(full);
    expect(parts('no audio query')).toEqual(full.filter((name) => name !== 'audioInJointSpace'));
    expect(parts('match head')).toEqual([...full, 'matchHead'].sort());
    expect(parts('contrastive match')).toEqual([...full, 'contrastiveMatch'].sort());
    expect(parts('audio and question')).toEqual(['answer', 'audio', 'jtg', 'merge', 'question']);
    expect(parts('video and question')).toEqual(['answer', 'jtg', 'merge', 'question', 'tsgPlus']);
    expect(parts('question only')).toEqual(['answer', 'question']);
    const question = (name: string): string[] => Object.keys(start(ablations[name]).question).sort();
    expect(question('full')).toEqual(['sentence', 'target']);
    expect(question('no text query')).toEqual(['sentence']);
    expect(question('learned question')).toEqual(['embedding', 'lstm', 'sentence', 'target', 'targetInJointSpace']);
    expect(question('question only, learned')).toEqual(['embedding', 'lstm', 'sentence']);
  });

  it('gives a part the same initial values whatever stands beside it', () => {
    const of = (name: string): Map<string, tf.Tensor> => namedParameters(start(ablations[name]));
    const full = of('full');
    for (const [name, tensor] of of('match head')) {
      if (full.has(name))
        expect({ name, same: greatestDifference(tensor.dataSync(), full.get(name)!.dataSync()) }).toEqual({ name, same: 0 });
    }
  });

  it.each(Object.entries(ablations))('answers single questions as it answers them video by video: %s', (_, of) => {
    const single = withEach((tensor, name) =>
      ofQuestions.includes(name)
        ? tf.reshape(tensor, [6, 1, ...tensor.shape.slice(2)])
        : tf.reshape(tf.stack([tensor, tensor], 1), [6, ...tensor.shape.slice(1)]),
    );
    expect(greatestDifference(logitsOf(of, single), logitsOf(of))).toBeLessThan(1e-5);
  });

  it.each(Object.entries(ablations))('lets a masked question change no gradient and no loss: %s', (_, of) => {
    const garbage = Random.fromSeed(99);
    const spoilt = withEach((tensor, name) => {
      if (!ofQuestions.includes(name)) return tensor;
      const last = tf.reshape(tf.oneHot(tf.tensor1d([5], 'int32'), 6), [3, 2, ...new Array(tensor.rank - 2).fill(1)]);
      const value =
        name === 'wordIds' ? 7 : name === 'wordMask' ? [1, 1, 0, 0, 0] : tf.tensor(garbage.fork(name).normals(tensor.size), tensor.shape);
      return tf.cast(tf.add(tensor, tf.mul(tf.cast(last, 'float32'), value)), tensor.dtype);
    });
    const otherAnswer = { ...labels, answers: tf.tensor2d([[0, 6], [3, 1], [5, 4]], [3, 2], 'int32') }; // prettier-ignore
    const [clean, dirty] = [learn(of), learn(of, spoilt, otherAnswer)];
    expect(greatestDifference(logitsOf(of, spoilt), logitsOf(of))).toBeGreaterThan(1e-4); // it does change its own answer
    expect(dirty.outputs.total.dataSync()).toEqual(clean.outputs.total.dataSync());
    for (const [name, gradient] of clean.gradients) {
      const difference = greatestDifference(dirty.gradients.get(name)!.dataSync(), gradient.dataSync());
      expect({ name, same: difference < 1e-7 }).toEqual({ name, same: true });
    }
  });

  it('knows the order of time', () => {
    const shuffled = withEach((tensor, name) => (ofQuestions.includes(name) ? tensor : tf.gather(tensor, [2, 0, 3, 1], 1)));
    for (const name of ['full', 'dual stream', 'no context', 'audio and question', 'video and question']) {
      expect(greatestDifference(logitsOf(ablations[name], shuffled), logitsOf(ablations[name]))).toBeGreaterThan(1e-4);
    }
  });

  it('has the gradient of central differences in the whole objective', () => {
    // no threshold, which would jump within the step, and no match head, whose layers of relu bend everywhere
    const of: TassConfig = { ...ablations['contrastive match'], tsgPlus: { ...config.tsgPlus, threshold: 0 } };
    const parameters = start(of);
    const named = namedParameters(parameters);
    const { gradients } = learn(of, batch, labels, parameters);
    for (const name of [
      'tsgPlus.logTextScale',
      'audioInJointSpace.bias',
      'question.sentence.bias',
      'jtg.stream.norm.gain',
      'answer.bias',
    ]) {
      const tensor = named.get(name)!;
      const totalAt = (values: Float32Array): ArrayLike<number> => {
        const tree = withParameters(parameters, new Map([...named, [name, tf.tensor(values, tensor.shape)]]));
        return lossOf(tree, Tass.forward(tree, batch, of, { training: { seed: () => 0 } }), labels).total.dataSync();
      };
      const difference = greatestDifference(gradients.get(name)!.dataSync(), numericGradient(totalAt, tensor.dataSync(), 0.01));
      expect({ name, close: difference < 1e-4 }).toEqual({ name, close: true }); // measured 4e-5, gradients up to 1
    }
  });

  it('weighs the losses', () => {
    const parameters = start(ablations['match head']);
    const outputs = Tass.forward(parameters, batch, ablations['match head'], { training: { seed: () => 0 } });
    const { total, answer, match, synchrony } = lossOf(parameters, outputs, labels, { answer: 2, match: 3, synchrony: 5 });
    const value = (scalar: tf.Scalar): number => scalar.dataSync()[0];
    expect(value(total)).toBeCloseTo(2 * value(answer) + 3 * value(match) + 5 * value(synchrony), 4);
  });

  it('gives the head over one question of each video the rows of the head over all of them', () => {
    const matchOf = (name: string) => {
      const outputs = Tass.forward(start(ablations[name]), batch, ablations[name], { training: { seed: () => 0 } });
      return { logits: outputs.logits, visual: outputs.match!.visual, mismatched: outputs.match!.mismatched! };
    };
    const [all, first] = [matchOf('match head'), matchOf('video match head')];
    expect(greatestDifference(first.logits.dataSync(), all.logits.dataSync())).toBeLessThan(1e-5);
    for (const part of ['visual', 'mismatched'] as const) {
      expect(first[part].shape).toEqual([3, 1, 4, 16]);
      const rows = tf.slice(all[part], [0, 0, 0, 0], [3, 1, 4, 16]);
      expect(greatestDifference(first[part].dataSync(), rows.dataSync())).toBeLessThan(1e-6);
    }
  });

  it('computes of the losses on the attention those that have a weight, each with the attention, the frames and the target', () => {
    const parameters = start(config);
    const outputs = Tass.forward(parameters, batch, config, { training: { seed: () => 0 } });
    const given = (of?: LossWeights) =>
      Object.entries(lossesOf(parameters, outputs, labels.mask, of).losses)
        .flatMap(([name, loss]) => (loss ? [name] : []))
        .sort();
    expect(given(weights)).toEqual(['synchrony']);
    expect(given({ ...weights, textTeacher: 0.1 })).toEqual(['synchrony', 'textTeacher']);
    expect(given()).toEqual(['audioMap', 'flatAttention', 'synchrony', 'textTeacher']);
    const { audioMap, flatAttention, textTeacher } = lossesOf(parameters, outputs, labels.mask).losses;
    const { attention, inJointSpace } = outputs;
    const { frames, target, regions, sound } = inJointSpace!;
    const expected = (name: 'flatAttention' | 'textTeacher') =>
      attentionLoss(name, {
        visual: attention!.visual!,
        audio: attention!.audio!,
        text: { frames: frames!, target: target! },
        mask: labels.mask,
      })!.dataSync()[0];
    expect(flatAttention!.dataSync()[0]).toBe(expected('flatAttention'));
    expect(textTeacher!.dataSync()[0]).toBe(expected('textTeacher'));
    const ofMap = { audio: sound!, regions: regions!, logScale: parameters.tsgPlus!.logAudioScale!, mask: labels.mask };
    expect(audioMap!.dataSync()[0]).toBe(audioMapLoss(ofMap).dataSync()[0]);
    const withoutTarget = Tass.forward(start(ablations['no text query']), batch, ablations['no text query'], {
      training: { seed: () => 0 },
    });
    expect(lossesOf(parameters, withoutTarget, labels.mask).losses.textTeacher).toBeUndefined();
  });

  it('gives attention in time that sums to 1, and maps where they are asked for', () => {
    const { attention, grounding } = Tass.forward(start(config), batch, config, { maps: true });
    for (const share of [attention!.visual!, attention!.audio!, grounding!.targetWeights!]) {
      expect(greatestDifference(tf.sum(share, -1).dataSync(), new Float32Array(6).fill(1))).toBeLessThan(1e-5);
    }
    for (const map of [grounding!.map!, grounding!.textMap!, grounding!.audioMap!]) {
      expect(map.shape).toEqual([3, 2, 4, 9]);
      expect(greatestDifference(tf.sum(map, -1).dataSync(), new Float32Array(24).fill(1))).toBeLessThan(1e-5);
    }
    expect(Tass.forward(start(config), batch, config).grounding).toBeUndefined();
  });

  it('drops out by the seed of the step, in training alone', () => {
    const of = { ...config, dropout: 0.3 };
    const parameters = start(of);
    const drop = (seed: number) => Tass.forward(parameters, batch, of, { training: { seed: () => seed } }).logits.dataSync();
    expect(drop(1)).toEqual(drop(1));
    expect(greatestDifference(drop(1), drop(2))).toBeGreaterThan(1e-3);
    expect(logitsOf(of)).toEqual(logitsOf(config));
  });

  it.each(['full', 'separate maps', 'match head', 'video match head', 'contrastive match', 'learned question', 'context of attention'])(
    'leaves no tensor behind: %s',
    (name) => {
      const parameters = start(ablations[name]);
      const step = (): void => {
        const { outputs, gradients } = learn(ablations[name], batch, labels, parameters);
        tf.dispose([...Object.values(outputs), ...gradients.values()]);
      };
      step();
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) step();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('brings features of another space into the joint one by learned maps, and is what it is without them there', () => {
    const parameters = start(ofOtherSpace);
    const { regions, frames } = parameters.visualInJointSpace!;
    expect([regions.weight.shape, frames.weight.shape]).toEqual([
      [8, 12],
      [8, 12],
    ]);
    const mapped = (x: tf.Tensor, { weight, bias }: typeof regions): tf.Tensor =>
      tf.add(tf.reshape(tf.matMul(tf.reshape(x, [-1, 8]), weight), [...x.shape.slice(0, -1), 12]), bias!);
    const there = {
      ...batch,
      regions: mapped(otherBatch.regions, regions) as tf.Tensor4D,
      frames: mapped(otherBatch.frames, frames) as tf.Tensor3D,
    };
    const without = { ...ofOtherSpace, visualDim: undefined };
    const { visualInJointSpace: _, ...rest } = parameters;
    expect(greatestDifference(logitsOf(ofOtherSpace, otherBatch, parameters), logitsOf(without, there, rest))).toBeLessThan(1e-5);
    for (const [name, gradient] of learn(ofOtherSpace, otherBatch).gradients) {
      expect({ name, moves: gradient.dataSync().some((value) => value !== 0) }).toEqual({ name, moves: true });
    }
    expect(() => logitsOf(ofOtherSpace, batch)).toThrow(
      new ShapeError('Tass: regions has shape [3, 4, 9, 12], expected [videos, time, regions, regionDim=8]'),
    );
  });

  it('brings regions there that have another width than frames', () => {
    const wide = { ...ofOtherSpace, regionDim: 12 };
    const parameters = start(wide);
    const { regions, frames } = parameters.visualInJointSpace!;
    expect([regions.weight.shape, frames.weight.shape]).toEqual([
      [12, 12],
      [8, 12],
    ]);
    const logits = logitsOf(wide, { ...otherBatch, regions: batch.regions }, parameters);
    expect(logits.every(Number.isFinite)).toBe(true);
    expect(() => logitsOf(wide, otherBatch, parameters)).toThrow(ShapeError);
  });

  it('names what is missing or of another shape', () => {
    expect(() => logitsOf(config, { ...batch, audio: undefined })).toThrow('Tass: audio is not given, but inputs.audio is true');
    expect(() => logitsOf(config, { ...batch, regions: undefined })).toThrow(
      'Tass: regions or frames are not given, but inputs.video is true',
    );
    expect(() => logitsOf(config, { ...batch, audio: tf.zeros([3, 4, 9]) })).toThrow(
      new ShapeError('Tass: audio has shape [3, 4, 9], expected [videos, time=4, audioDim=10]'),
    );
    expect(() => logitsOf(config, { ...batch, words: tf.zeros([3, 2, 6, 12]) })).toThrow(ShapeError);
  });
});
