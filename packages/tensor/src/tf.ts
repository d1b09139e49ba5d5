import { findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs';
import type { KernelBackend } from '@tensorflow/tfjs';

/**
 * The TensorFlow.js API. The umbrella package registers the gradients and the `cpu` backend; `@tensorflow/tfjs-core` alone has neither.
 * Other packages import `tf` from `@tass/tensor` only.
 */
export * from '@tensorflow/tfjs';

// The cpu backend prints a greeting at its first tensor and advises a package that this project does not use.
const makeCpuBackend = findBackendFactory('cpu') as () => KernelBackend;
removeBackend('cpu');
registerBackend('cpu', () => Object.assign(makeCpuBackend(), { firstUse: false }), 1);
