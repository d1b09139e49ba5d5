import * as path from 'node:path';
import { openForever, provideEnvironment } from '@tass/onnx';
import { libraryFiles } from './library';

const productsInFull = { NVIDIA_TF32_OVERRIDE: '0' };

/**
 * To be called before TensorFlow is loaded for a GPU; a variable that the user has set stays. Not all memory is taken at once, the same
 * computation gives the same bits, and products are computed in float32: by default newer GPUs round their factors to 10 bits (TF32).
 */
export function provideGpuEnvironment(): void {
  provideEnvironment({ TF_FORCE_GPU_ALLOW_GROWTH: 'true', TF_DETERMINISTIC_OPS: '1', ...productsInFull });
}

/**
 * Sets the same for products in TensorFlow itself, because code compiled by XLA does not ask CUDA's libraries. The C API has no name for it, and a library of
 * the user's own may use another one: then only the variable applies.
 */
export function computeProductsInFull(folder: string): void {
  if ((process.env.NVIDIA_TF32_OVERRIDE ?? '0') !== productsInFull.NVIDIA_TF32_OVERRIDE) return;
  const library = openForever(path.join(folder, libraryFiles[0]), { global: true });
  try {
    library.func('void _ZN3tsl32enable_tensor_float_32_executionEb(bool)')(false);
  } catch {
    return;
  }
}
