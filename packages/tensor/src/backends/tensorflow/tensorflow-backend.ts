import type { TensorMetadata, TFEOpAttr } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import * as tf from '../../tf';
import { Binding } from './binding';

/** The part of tfjs-node's backend that its kernels use; some of it is private there. */
export interface TensorFlowBackend {
  readonly binding: Binding;
  /** The binding's numbers of tensors; uploads values that are still in JavaScript. */
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  executeSingleOutput(operation: string, attributes: TFEOpAttr[], inputs: readonly tf.Tensor[]): tf.Tensor;
}

/** The backend in use, where it is TensorFlow by our binding. */
export function tensorFlowBackend(): TensorFlowBackend | undefined {
  if (tf.getBackend() !== 'tensorflow') return undefined;
  const backend = tf.backend() as unknown as TensorFlowBackend;
  return backend.binding instanceof Binding ? backend : undefined;
}
