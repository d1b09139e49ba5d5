import { hostTensor } from '../compile/host-tensor';
import * as tf from '../tf';

/** Indices that JavaScript draws, asked again at every call of a compiled step: int32 [count]. Exact below 2^24. */
export function hostIndices(make: () => Int32Array, count: number): tf.Tensor1D {
  return tf.tidy(() => tf.cast(hostTensor<tf.Tensor1D>(() => Float32Array.from(make()), [count]), 'int32')); // prettier-ignore
}
