import { nativeAdam, tf } from '@tass/tensor';
import type { NativeParameter } from '@tass/tensor';
import type { NamedArrays, Optimizer, OptimizerState } from './optimizer';
import { plainAdam } from './plain-adam';

export interface AdamConfig {
  readonly learningRate: number;
  readonly beta1?: number; // decay of the mean of gradients, 0.9
  readonly beta2?: number; // decay of the mean of squared gradients, 0.999
  readonly epsilon?: number; // added to the root of the corrected second moment, 1e-8
}

/**
 * Adam for the parameters `named`, whose values are copied. Source: Kingma and Ba, arXiv 1412.6980, algorithm 1, with epsilon where PyTorch
 * has it: p -= learningRate * m' / (sqrt(v') + epsilon). Uses the kernel of the engine in use where it has one (tensorflow, wasm), which
 * equals the plain operations within 1e-6.
 */
export function createAdam(named: ReadonlyMap<string, tf.Tensor>, config: AdamConfig): Optimizer {
  const { learningRate: ownRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = config;
  const adam = nativeAdam() ?? plainAdam;
  const slots = new Map([...named].map(([name, initial]) => [name, adam.parameter(initial)]));
  let step = 0;
  return {
    parameters: () => new Map([...slots].map(([name, { value }]) => [name, value])),

    apply(gradients, learningRate = ownRate) {
      const inOrder = [...slots.keys()].map((name) => {
        const gradient = gradients.get(name);
        if (gradient === undefined) throw new Error(`Adam: parameter ${name} has no gradient. Given: ${[...gradients.keys()].join(', ')}`);
        return gradient;
      });
      step++;
      adam.update([...slots.values()], inOrder, { step, learningRate, beta1, beta2, epsilon });
    },

    state() {
      const moments: NamedArrays = {};
      for (const [name, slot] of slots) {
        const { first, second } = slot.moments();
        moments[`first.${name}`] = arrayOf(first);
        moments[`second.${name}`] = arrayOf(second);
        tf.dispose([first, second]);
      }
      return { step, moments };
    },

    restore(state) {
      for (const [name, { value }] of slots)
        for (const moment of ['first', 'second']) expectMoment(state, `${moment}.${name}`, value.shape);
      for (const [name, slot] of slots) {
        tf.tidy(() => slot.setMoments(tensorOf(state.moments[`first.${name}`]), tensorOf(state.moments[`second.${name}`])));
      }
      step = state.step;
    },

    dispose: () => slots.forEach((slot: NativeParameter) => slot.dispose()),
  };
}

function expectMoment({ moments }: OptimizerState, key: string, shape: number[]): void {
  const moment = moments[key];
  if (moment === undefined) throw new Error(`Adam: the state has no ${key}. It holds: ${Object.keys(moments).join(', ')}`);
  if (moment.shape.join() !== shape.join()) {
    throw new Error(`Adam: ${key} of the state has shape [${moment.shape.join(', ')}], the parameter has [${shape.join(', ')}]`);
  }
}

function arrayOf(tensor: tf.Tensor): NamedArrays[string] {
  return { shape: [...tensor.shape], data: Float32Array.from(tensor.dataSync()) };
}

function tensorOf({ shape, data }: NamedArrays[string]): tf.Tensor {
  return tf.tensor(data, shape);
}
