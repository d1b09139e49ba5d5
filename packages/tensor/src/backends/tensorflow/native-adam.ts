import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import type { TFEOpAttr } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { AdamStep, NativeAdam, NativeParameter } from '../../native-adam';
import * as tf from '../../tf';
import { constants } from './binding';

const typeOf = (name: string): TFEOpAttr => ({ name, type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT });
const flag = (name: string): TFEOpAttr => ({ name, type: constants.TF_ATTR_BOOL, value: false });
const adamAttributes = [typeOf('T'), flag('use_locking'), flag('use_nesterov')];
/** The name by which TensorFlow knows variables that end with their last handle (ResourceHandle::ANONYMOUS_NAME). */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** Adam as TensorFlow's kernel ResourceApplyAdam, once for each parameter. */
export function tensorFlowAdam(): NativeAdam {
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  return {
    parameter: (initial) => new TensorFlowParameter(initial, backend),
    update(parameters, gradients, step) {
      const { rate, beta1, beta2, epsilon } = kernelNumbers(step);
      tf.tidy(() => {
        const scalars = [0, 0, rate, beta1, beta2, epsilon].map((value) => tf.scalar(value));
        parameters.forEach((parameter, i) => (parameter as TensorFlowParameter).update(scalars, gradients[i]));
      });
    },
  };
}

/**
 * The kernel would compute learningRate * sqrt(1 - beta2^step) / (1 - beta1^step) in float32, where 1 - 0.999 is off by 1e-5, and adds epsilon
 * to the root of the uncorrected moment. Given powers of zero it takes the rate as it comes: corrected here, for the betas as float32 has
 * them; and epsilon scaled likewise stands where PyTorch adds it.
 */
function kernelNumbers({ step, learningRate, ...numbers }: AdamStep): { rate: number; beta1: number; beta2: number; epsilon: number } {
  const [beta1, beta2] = [Math.fround(numbers.beta1), Math.fround(numbers.beta2)];
  const correction = Math.sqrt(1 - beta2 ** step);
  return { rate: (learningRate * correction) / (1 - beta1 ** step), beta1, beta2, epsilon: numbers.epsilon * correction };
}

class TensorFlowParameter implements NativeParameter {
  private readonly parameter: Variable;
  private readonly first: Variable;
  private readonly second: Variable;
  private current: tf.Tensor | undefined;

  constructor(
    initial: tf.Tensor,
    private readonly backend: NodeJSKernelBackend,
  ) {
    this.parameter = new Variable(initial.shape, backend);
    this.first = new Variable(initial.shape, backend);
    this.second = new Variable(initial.shape, backend);
    this.parameter.assign(initial);
    tf.tidy(() => [this.first, this.second].forEach((moment) => moment.assign(tf.zerosLike(initial))));
  }

  get value(): tf.Tensor {
    return (this.current ??= tf.keep(this.parameter.read()));
  }

  update(scalars: tf.Tensor[], gradient: tf.Tensor): void {
    this.current?.dispose(); // while a reading is held the kernel copies instead of updating in place
    this.current = undefined;
    const inputs = [this.parameter.handle, this.first.handle, this.second.handle, ...scalars, gradient];
    this.backend.executeMultipleOutputs('ResourceApplyAdam', adamAttributes, inputs, 0);
  }

  moments(): { first: tf.Tensor; second: tf.Tensor } {
    return { first: this.first.read(), second: this.second.read() };
  }

  setMoments(first: tf.Tensor, second: tf.Tensor): void {
    this.first.assign(first);
    this.second.assign(second);
  }

  dispose(): void {
    this.current?.dispose();
    this.current = undefined;
    [this.parameter, this.first, this.second].forEach((variable) => variable.handle.dispose());
  }
}

/** A variable of TensorFlow, which tfjs-node has no notion of: its handle passes for a tensor. */
class Variable {
  readonly handle: tf.Tensor;

  constructor(
    shape: number[],
    private readonly backend: NodeJSKernelBackend,
  ) {
    const attributes = [
      { name: 'container', type: constants.TF_ATTR_STRING, value: '' },
      { name: 'shared_name', type: constants.TF_ATTR_STRING, value: anonymous },
      { name: 'shape', type: constants.TF_ATTR_SHAPE, value: shape },
      typeOf('dtype'),
    ];
    this.handle = tf.keep(backend.executeSingleOutput('VarHandleOp', attributes, []));
  }

  assign(value: tf.Tensor): void {
    this.backend.executeMultipleOutputs('AssignVariableOp', [typeOf('dtype')], [this.handle, value], 0);
  }

  read(): tf.Tensor {
    return this.backend.executeSingleOutput('ReadVariableOp', [typeOf('dtype')], [this.handle]);
  }
}
