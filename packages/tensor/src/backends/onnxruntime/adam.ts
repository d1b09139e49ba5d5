import { CompileError } from '../../compile/compile-error';
import { hostTensor } from '../../compile/host-tensor';
import type { AdamStep, NativeAdam, NativeParameter } from '../../native-adam';
import * as tf from '../../tf';
import { correctedRate, updateInPlace } from '../adam-update';
import { HeldTensors } from './held-tensors';
import { Recorder } from './recorder';
import { Recording } from './recording';
import type { Symbolic } from './step-graph';
import { Variable } from './variable';

/** Adam as operations of the step's graph; outside of a compiled step as one loop over the variables' memory. */
export function onnxruntimeAdam(): NativeAdam {
  return {
    parameter(initial) {
      if (Recording.current !== undefined) throw new CompileError('compile: the step makes a variable. Make it before the step');
      return new OnnxruntimeParameter(initial);
    },
    update(parameters, gradients, step) {
      const all = parameters as readonly OnnxruntimeParameter[];
      if (Recording.current === undefined) return all.forEach((parameter, i) => parameter.update(gradients[i], step()));
      const given = (name: 'rate' | 'epsilon') => Recorder.get().symbolOf(hostTensor(() => correctedRate(step())[name], []));
      const { beta1, beta2 } = step();
      const numbers = { rate: given('rate'), epsilon: given('epsilon'), beta1, beta2 };
      all.forEach((parameter, i) => parameter.record(Recorder.get().symbolOf(gradients[i]), numbers));
    },
  };
}

interface RecordedNumbers extends Pick<AdamStep, 'beta1' | 'beta2'> {
  readonly rate: Symbolic;
  readonly epsilon: Symbolic;
}

class OnnxruntimeParameter implements NativeParameter {
  private readonly value: Variable;
  private readonly first: Variable;
  private readonly second: Variable;

  constructor(initial: tf.Tensor) {
    const { shape } = initial;
    this.value = new Variable(shape, initial.dataSync());
    this.first = new Variable(shape);
    this.second = new Variable(shape);
  }

  read(): tf.Tensor {
    const recording = Recording.current;
    return recording ? Recorder.get().tensorOf(recording.valueOf(this.value)) : tensorOf(this.value);
  }

  record(gradient: Symbolic, { rate, epsilon, beta1, beta2 }: RecordedNumbers): void {
    const recording = Recording.current!;
    const { graph } = recording;
    const entrywise = (opType: string, a: Symbolic, b: Symbolic | number) => graph.elementwise(opType, [a, typeof b === 'number' ? graph.number(b, 'float32') : b]); // prettier-ignore
    const mixed = (moment: Variable, beta: number, news: Symbolic) =>
      entrywise('Add', entrywise('Mul', recording.valueOf(moment), beta), entrywise('Mul', news, 1 - beta));
    const mean = mixed(this.first, beta1, gradient);
    const meanOfSquares = mixed(this.second, beta2, entrywise('Mul', gradient, gradient));
    const change = entrywise('Div', entrywise('Mul', mean, rate), entrywise('Add', graph.elementwise('Sqrt', [meanOfSquares]), epsilon));
    recording.write(this.value, entrywise('Sub', recording.valueOf(this.value), change));
    recording.write(this.first, mean);
    recording.write(this.second, meanOfSquares);
  }

  update(gradient: tf.Tensor, numbers: AdamStep): void {
    const [value, first, second] = [this.value, this.first, this.second].map(({ current }) => current.data as Float32Array);
    updateInPlace({ after: value, before: value, first, second, gradient: gradient.dataSync() as Float32Array }, numbers);
  }

  moments(): { first: tf.Tensor; second: tf.Tensor } {
    return { first: tensorOf(this.first), second: tensorOf(this.second) };
  }

  setMoments(first: tf.Tensor, second: tf.Tensor): void {
    this.first.current.data.set(first.dataSync());
    this.second.current.data.set(second.dataSync());
  }

  dispose(): void {
    [this.value, this.first, this.second].forEach((variable) => variable.dispose());
  }
}

/** A copy: the variable's memory is written again by the step after the next. */
function tensorOf({ current, shape }: Variable): tf.Tensor {
  const held = HeldTensors.get();
  const values = held.allocate('float32', current.data.length);
  values.set(current.data);
  return held.tensorOf(values, 'float32', shape);
}
