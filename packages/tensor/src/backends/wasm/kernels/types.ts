import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A kernel of the wasm backend. `setup` runs each time that a backend is made, before the first call of `run`. */
export interface WasmKernel<Inputs extends string, Attributes = unknown> {
  readonly name: string;
  readonly setup?: (backend: BackendWasm) => void;
  readonly run: (inputs: Readonly<Record<Inputs, TensorInfo>>, backend: BackendWasm, attributes: Attributes) => TensorInfo;
}

/** The form in which TensorFlow.js registers it. */
export function kernelConfig<Inputs extends string, Attributes>({ name, setup, run }: WasmKernel<Inputs, Attributes>): KernelConfig {
  const kernelFunc: KernelFunc = ({ inputs, backend, attrs }) =>
    run(inputs as Record<Inputs, TensorInfo>, backend as BackendWasm, attrs as NamedAttrMap & Attributes);
  return { kernelName: name, backendName: 'wasm', setupFunc: setup && ((backend) => setup(backend as BackendWasm)), kernelFunc };
}
