import { nativeAdam, tf } from '@tass/tensor';
import type { NamedArrays, Optimizer } from './optimizer';
import { plainAdam } from './plain-adam';

export interface AdamConfig {
  readonly beta1?: number; // decay of the mean of gradients, 0.9
  readonly beta2?: number; // decay of the mean of squared gradients, 0.999
  readonly epsilon?: number; // added to the root of the corrected second moment, 1e-8
  readonly weightDecay?: number; // of all parameters, decoupled from the gradients: AdamW; 0
}

/**
 * Adam for the parameters `named`, whose values are copied. Source: Kingma and Ba, arXiv 1412.6980, algorithm 1, with epsilon where PyTorch
 * has it: p -= learningRate * m' / (sqrt(v') + epsilon). Before that, weight decay as PyTorch's AdamW: p -= learningRate * weightDecay * p (Loshchilov and
 * Hutter, arXiv 1711.05101). Uses the kernel of the engine in use where it has one (onnxruntime, tensorflow, wasm), which
 * equals the plain operations within 1e-6.
 */
export function createAdam(named: ReadonlyMap<string, tf.Tensor>, config: AdamConfig): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = config;
  const adam = nativeAdam() ?? plainAdam;
  const made = adam.parameters([...named.values()]);
  const slots = new Map([...named.keys()].map((name, i) => [name, made[i]]));
  let read = new Map<string, tf.Tensor>();
  const dropReadings = (): void => {
    tf.dispose([...read.values()]);
    read = new Map();
  };
  return {
    parameters() {
      dropReadings();
      read = new Map([...slots].map(([name, slot]) => [name, tf.keep(slot.read())]));
      return read;
    },

    apply(gradients, numbers) {
      const inOrder = [...slots.keys()].map((name) => {
        const gradient = gradients.get(name);
        if (gradient === undefined) throw new Error(`Adam: parameter ${name} has no gradient. Given: ${[...gradients.keys()].join(', ')}`);
        return gradient;
      });
      dropReadings(); // while a reading is held an engine copies instead of updating in place
      adam.update([...slots.values()], inOrder, () => ({ ...numbers(), beta1, beta2, epsilon, weightDecay }));
    },

    moments() {
      const moments: NamedArrays = {};
      for (const [name, slot] of slots) {
        const { first, second } = slot.moments();
        moments[`first.${name}`] = arrayOf(first);
        moments[`second.${name}`] = arrayOf(second);
        tf.dispose([first, second]);
      }
      return moments;
    },

    restore(moments) {
      for (const [name, { shape }] of named) for (const moment of ['first', 'second']) expectMoment(moments, `${moment}.${name}`, shape);
      for (const [name, slot] of slots) {
        tf.tidy(() => slot.setMoments(tensorOf(moments[`first.${name}`]), tensorOf(moments[`second.${name}`])));
      }
    },

    dispose() {
      dropReadings();
      slots.forEach((slot) => slot.dispose());
    },
  };
}

function expectMoment(moments: NamedArrays, key: string, shape: number[]): void {
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
