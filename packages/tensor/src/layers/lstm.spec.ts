import { greatestDifference, numericGradient } from '@tass/testing';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { Random } from '../random';
import { ShapeError } from '../shape';
import { BidirectionalLstm, Lstm } from './lstm';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(3);
const x = tf.tensor3d(random.fork('x').normals(2 * 4 * 3), [2, 4, 3]);
const mixture = tf.tensor3d(random.fork('mixture').normals(2 * 4 * 10), [2, 4, 10]);
const parameters = BidirectionalLstm.initialize({ from: 3, hidden: 5 }, random);
const terms = (all: typeof parameters, input: tf.Tensor3D): tf.Tensor => tf.mul(BidirectionalLstm.forward(all, input), mixture);

describe('Lstm', () => {
  it('follows the gates in the order input, forget, cell, output on a case worked out by hand', () => {
    // One input and one state. Gates from x alone: i = 1 x, f = 2 x, g = 3 x, o = 4 x; from h: f gets 1 h.
    // x = 1: i = .731059, g = tanh 3 = .995055, o = .982014; c = .727443, h = .982014 tanh .727443 = .610320
    // x = .5: i = .622459, f = sigmoid(1 + .610320) = .833456, g = tanh 1.5 = .905148, o = .880797;
    //   c = 0.833456 x .727443 + .622459 x .905148 = 1.169710, h = .880797 tanh 1.169710 = .725935
    const one = { input: tf.tensor2d([[1, 2, 3, 4]]), recurrent: tf.tensor2d([[0, 1, 0, 0]]), bias: tf.zeros([4]) as tf.Tensor1D };
    const states = Lstm.forward(one, tf.tensor3d([[[1], [0.5]]])).dataSync();
    expect(greatestDifference(states, [0.61032, 0.725935])).toBeLessThan(2e-6);
    const both = Lstm.forwardWithMemory(one, tf.tensor3d([[[1], [0.5]]]));
    expect(greatestDifference(both.states.dataSync(), states)).toBe(0);
    expect(greatestDifference(both.memory.dataSync(), [1.16971])).toBeLessThan(2e-6);
  });

  it('has the gradient of central differences with respect to its input and every parameter', () => {
    const named: [string, tf.Tensor, (t: tf.Tensor) => tf.Tensor][] = [
      ['x', x, (t) => terms(parameters, t as tf.Tensor3D)],
      ...(['forward', 'backward'] as const).flatMap((direction) =>
        (['input', 'recurrent', 'bias'] as const).map((name): [string, tf.Tensor, (t: tf.Tensor) => tf.Tensor] => [
          `${direction}.${name}`,
          parameters[direction][name],
          (t) => terms({ ...parameters, [direction]: { ...parameters[direction], [name]: t } }, x),
        ]),
      ),
    ];
    for (const [name, tensor, of] of named) {
      const analytic = tf
        .grad((t: tf.Tensor) => tf.sum(of(t)))(tensor)
        .dataSync();
      const numeric = numericGradient((values) => of(tf.tensor(values, tensor.shape)).dataSync(), tensor.dataSync());
      expect({ name, close: greatestDifference(analytic, numeric) < 5e-5 }).toEqual({ name, close: true }); // measured 1e-5, gradients up to 2
    }
  });

  it('has the gradient of central differences of states and last memory together', () => {
    const { forward } = parameters;
    const [ofStates, ofMemory] = [tf.slice(mixture, [0, 0, 0], [2, 4, 5]), tf.reshape(tf.slice(mixture, [0, 0, 5], [2, 1, 5]), [2, 5])];
    const named: [string, tf.Tensor, (t: tf.Tensor) => ReturnType<typeof Lstm.forwardWithMemory>][] = [
      ['x', x, (t) => Lstm.forwardWithMemory(forward, t as tf.Tensor3D)],
      ...(['input', 'recurrent', 'bias'] as const).map((name): (typeof named)[number] => [name, forward[name], (t) => Lstm.forwardWithMemory({ ...forward, [name]: t }, x)]), // prettier-ignore
    ];
    for (const [name, tensor, of] of named) {
      const mixed = (t: tf.Tensor) => {
        const { states, memory } = of(t);
        return tf.concat([tf.reshape(tf.mul(states, ofStates), [-1]), tf.reshape(tf.mul(memory, ofMemory), [-1])]);
      };
      const analytic = tf.grad((t: tf.Tensor) => tf.sum(mixed(t)))(tensor).dataSync(); // prettier-ignore
      const numeric = numericGradient((values) => mixed(tf.tensor(values, tensor.shape)).dataSync(), tensor.dataSync());
      expect({ name, close: greatestDifference(analytic, numeric) < 5e-5 }).toEqual({ name, close: true });
    }
  });

  it('runs the backward direction against time', () => {
    const backward = { forward: parameters.backward, backward: parameters.forward };
    const turned = BidirectionalLstm.forward(backward, tf.reverse(x, 1));
    const [first, second] = tf.split(tf.reverse(turned, 1), 2, -1);
    expect(greatestDifference(tf.concat([second, first], -1).dataSync(), BidirectionalLstm.forward(parameters, x).dataSync())).toBeLessThan(
      1e-6,
    );
  });

  it('works on a single time step', () => {
    const step = tf.slice(x, [0, 0, 0], [2, 1, 3]);
    const gradient = tf.grad((t: tf.Tensor) => tf.sum(Lstm.forward({ ...parameters.forward, recurrent: t as tf.Tensor2D }, step)))(
      parameters.forward.recurrent,
    );
    expect(greatestDifference(gradient.dataSync(), new Float32Array(100))).toBe(0);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    tf.dispose(tf.grad((input: tf.Tensor) => tf.sum(terms(parameters, input as tf.Tensor3D)))(x));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the shape it expected', () => {
    expect(() => BidirectionalLstm.forward(parameters, tf.zeros([2, 4, 7]))).toThrow(
      new ShapeError('BidirectionalLstm: input has shape [2, 4, 7], expected [batch, time, from=3]'),
    );
  });
});
