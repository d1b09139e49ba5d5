/**
 * The TensorFlow.js API. The umbrella package registers the gradients and the `cpu` backend; `@tensorflow/tfjs-core` alone has neither.
 * Other packages import `tf` from `@tass/tensor` only.
 */
export * from '@tensorflow/tfjs';
