import * as tf from '../tf';
import type { Random } from '../random';
import { expectShape } from '../shape';
import { type Direction, recurrentStates, statesAndMemory } from './lstm-states';

export interface LstmConfig {
  readonly from: number;
  readonly hidden: number;
}
/** Gates are in PyTorch's order: input, forget, cell, output. One bias; PyTorch's two are its sum. */
export interface LstmParameters {
  readonly input: tf.Tensor2D; // [from, 4 * hidden]
  readonly recurrent: tf.Tensor2D; // [hidden, 4 * hidden]
  readonly bias: tf.Tensor1D; // [4 * hidden]
}
export interface BidirectionalLstmParameters {
  readonly forward: LstmParameters;
  readonly backward: LstmParameters;
}
export interface StatesAndMemory {
  readonly states: tf.Tensor3D; // [batch, time, hidden]
  readonly memory: tf.Tensor2D; // [batch, hidden], after the last step
}

/** Long short-term memory over time, from a state of zeros. Initial values as PyTorch: uniform within 1 / sqrt(hidden). */
export const Lstm = {
  initialize({ from, hidden }: LstmConfig, random: Random): LstmParameters {
    const limit = 1 / Math.sqrt(hidden);
    return {
      input: tf.tensor2d(random.fork('input').uniforms(from * 4 * hidden, limit), [from, 4 * hidden]),
      recurrent: tf.tensor2d(random.fork('recurrent').uniforms(hidden * 4 * hidden, limit), [hidden, 4 * hidden]),
      bias: tf.tensor1d(random.fork('bias').uniforms(4 * hidden, limit)),
    };
  },

  /** x: [batch, time, from] -> the state at each time [batch, time, hidden]. Throws ShapeError. */
  forward(parameters: LstmParameters, x: tf.Tensor3D): tf.Tensor3D {
    return tf.tidy(() =>
      recurrentStates([{ projected: project('Lstm', parameters, x), recurrent: parameters.recurrent, backward: false }]),
    );
  },

  /** As `forward`, with the memory cell after the last step. */
  forwardWithMemory(parameters: LstmParameters, x: tf.Tensor3D): StatesAndMemory {
    return tf.tidy(() => {
      const [batch, time] = x.shape;
      const [hidden] = parameters.recurrent.shape;
      const both = statesAndMemory([{ projected: project('Lstm', parameters, x), recurrent: parameters.recurrent, backward: false }]);
      const [states, memory] = tf.split(both, [time, 1], 1) as tf.Tensor3D[];
      return { states, memory: tf.reshape(memory, [batch, hidden]) as tf.Tensor2D };
    });
  },
};

/** Two LSTMs, one forward and one backward in time; both run in one loop over time. */
export const BidirectionalLstm = {
  initialize: (config: LstmConfig, random: Random): BidirectionalLstmParameters => ({
    forward: Lstm.initialize(config, random.fork('forward')),
    backward: Lstm.initialize(config, random.fork('backward')),
  }),

  /** x: [batch, time, from] -> [batch, time, 2 * hidden], the forward states first. Throws ShapeError. */
  forward(parameters: BidirectionalLstmParameters, x: tf.Tensor3D): tf.Tensor3D {
    const direction = (name: 'forward' | 'backward'): Direction => ({
      projected: project('BidirectionalLstm', parameters[name], x),
      recurrent: parameters[name].recurrent,
      backward: name === 'backward',
    });
    return tf.tidy(() => recurrentStates([direction('forward'), direction('backward')]));
  },
};

/** The part of the gates that does not depend on the previous state: [batch, time, 4 * hidden]. */
function project(speaker: string, { input, bias }: LstmParameters, x: tf.Tensor3D): tf.Tensor3D {
  const [from, gates] = input.shape;
  const { batch, time } = expectShape(speaker, { input: x }, { input: 'batch time from' }, { from });
  return tf.reshape(tf.add(tf.matMul(tf.reshape(x, [-1, from]), input), bias), [batch, time, gates]);
}
