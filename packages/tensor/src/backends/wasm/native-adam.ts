import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { AdamStep, NativeAdam, NativeParameter } from '../../native-adam';
import * as tf from '../../tf';
import { updateInPlace } from '../adam-update';

/**
 * Adam as one loop over the backend's heap, instead of a dozen kernels for each parameter. Moments change in place. The parameter goes to new
 * memory: XNNPACK keeps a packed copy of a tensor that was a right-hand matrix for as long as that tensor lives.
 */
export function wasmAdam(): NativeAdam {
  const backend = tf.backend() as unknown as BackendWasm;
  return {
    parameters: (initial) => initial.map((each) => new WasmParameter(each, backend)),
    update(parameters, gradients, step) {
      parameters.forEach((parameter, i) => (parameter as WasmParameter).update(gradients[i], step()));
    },
  };
}

class WasmParameter implements NativeParameter {
  private value: tf.Tensor;
  private readonly first: tf.Tensor;
  private readonly second: tf.Tensor;

  constructor(
    initial: tf.Tensor,
    private readonly backend: BackendWasm,
  ) {
    this.value = tf.keep(tf.clone(initial));
    this.first = tf.keep(tf.zerosLike(initial));
    this.second = tf.keep(tf.zerosLike(initial));
  }

  update(given: tf.Tensor, numbers: AdamStep): void {
    const output = this.backend.makeOutput(this.value.shape, 'float32'); // before the views: it may move the heap
    const [after, before, first, second, gradient] = [output, this.value, this.first, this.second, given].map((x) => this.onHeap(x));
    updateInPlace({ after, before, first, second, gradient }, numbers);
    this.value.dispose();
    this.value = tf.keep(tf.engine().makeTensorFromTensorInfo(output));
  }

  read(): tf.Tensor {
    return tf.clone(this.value);
  }

  moments(): { first: tf.Tensor; second: tf.Tensor } {
    return { first: tf.tensor(this.first.dataSync(), this.first.shape), second: tf.tensor(this.second.dataSync(), this.second.shape) };
  }

  setMoments(first: tf.Tensor, second: tf.Tensor): void {
    this.onHeap(this.first).set(this.onHeap(first));
    this.onHeap(this.second).set(this.onHeap(second));
  }

  dispose(): void {
    tf.dispose([this.value, this.first, this.second]);
  }

  private onHeap(x: TensorInfo): Float32Array {
    return this.backend.typedArrayFromHeap(x) as Float32Array;
  }
}
