import { recorderName } from './backends/onnxruntime/recorder';
import { onnxruntimeAdam } from './backends/onnxruntime/adam';
import { tensorFlowAdam } from './backends/tensorflow/native-adam';
import { wasmAdam } from './backends/wasm/native-adam';
import * as tf from './tf';

/**
 * Adam's numbers for one step. Update: p <- (1 - learningRate * weightDecay) * p - learningRate * m' / (sqrt(v') + epsilon), m' and v' corrected by the
 * powers of the step (Kingma and Ba; the decay is that of Loshchilov and Hutter, arXiv 1711.05101, as in PyTorch's AdamW).
 */
export interface AdamStep {
  readonly step: number; // from 1
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay?: number; // 0: none
}

/** A parameter with its two moments in the engine's own memory. */
export interface NativeParameter {
  /** The present parameter, as a tensor of the caller. */
  read(): tf.Tensor;
  /** The first and second moment, as copies of the caller. */
  moments(): { first: tf.Tensor; second: tf.Tensor };
  /** Replaces the moments; the given tensors stay the caller's. */
  setMoments(first: tf.Tensor, second: tf.Tensor): void;
  dispose(): void;
}

export interface NativeAdam {
  /** Takes copies of the initial values; moments are zero. In a compiled step those made together are updated together. */
  parameters(initial: readonly tf.Tensor[]): readonly NativeParameter[];
  /** One step of all parameters, in place; gradients in their order, left to the caller. `step` is asked at every call of a compiled step. */
  update(parameters: readonly NativeParameter[], gradients: readonly tf.Tensor[], step: () => AdamStep): void;
}

/** The Adam of the engine in use (onnxruntime, tensorflow, wasm); undefined on cpu. */
export function nativeAdam(): NativeAdam | undefined {
  switch (tf.getBackend()) {
    case 'tensorflow':
      return tensorFlowAdam();
    case 'onnxruntime':
    case recorderName:
      return onnxruntimeAdam();
    case 'wasm':
      return wasmAdam();
    default:
      return undefined;
  }
}
