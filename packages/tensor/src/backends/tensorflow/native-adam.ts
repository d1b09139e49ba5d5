import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import type { TFEOpAttr } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { AdamStep, NativeAdam, NativeParameter } from '../../native-adam';
import { hostTensor } from '../../compile/host-tensor';
import * as tf from '../../tf';
import { leftByDecay } from '../adam-update';
import { constants } from './constants';

const typeOf = (name: string): TFEOpAttr => ({ name, type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT });
const flag = (name: string): TFEOpAttr => ({ name, type: constants.TF_ATTR_BOOL, value: false });
const adamAttributes = [typeOf('T'), flag('use_locking'), flag('use_nesterov')];
/** The name by which TensorFlow knows variables that end with their last handle (ResourceHandle::ANONYMOUS_NAME). */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** Adam as TensorFlow's kernel ResourceApplyAdam, once for each parameter; weight decay, which the kernel does not know, comes before it. */
export function tensorFlowAdam(): NativeAdam {
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  return {
    parameters: (initial) => initial.map((each) => new TensorFlowParameter(each, backend)),
    update(parameters, gradients, step) {
      tf.tidy(() => {
        const given = (name: keyof KernelNumbers): tf.Tensor => hostTensor(() => kernelNumbers(step())[name], []);
        const scalars = [tf.scalar(0), tf.scalar(0), given('rate'), given('beta1'), given('beta2'), given('epsilon')];
        const left = step().weightDecay ? hostTensor<tf.Scalar>(() => leftByDecay(step()), []) : undefined;
        parameters.forEach((parameter, i) => (parameter as TensorFlowParameter).update(scalars, gradients[i], left));
      });
    },
  };
}

interface KernelNumbers {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * The kernel would compute learningRate * sqrt(1 - beta2^step) / (1 - beta1^step) in float32, where 1 - 0.999 is off by 1e-5, and adds epsilon
 * to the root of the uncorrected moment. Given powers of zero it takes the rate uncorrected; it is corrected here, for the betas as float32 has
 * them; and epsilon, scaled in the same way, is added where PyTorch adds it.
 */
function kernelNumbers({ step, learningRate, ...numbers }: AdamStep): KernelNumbers {
  const [beta1, beta2] = [Math.fround(numbers.beta1), Math.fround(numbers.beta2)];
  const correction = Math.sqrt(1 - beta2 ** step);
  return { rate: (learningRate * correction) / (1 - beta1 ** step), beta1, beta2, epsilon: numbers.epsilon * correction };
}

class TensorFlowParameter implements NativeParameter {
  private readonly parameter: Variable;
  private readonly first: Variable;
  private readonly second: Variable;

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

  read(): tf.Tensor {
    return this.parameter.read();
  }

  update(scalars: tf.Tensor[], gradient: tf.Tensor, left?: tf.Scalar): void {
    if (left) this.parameter.assign(tf.mul(this.parameter.read(), left));
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
