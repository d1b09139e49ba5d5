import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** A kernel of the wasm backend that replaces one of the package's or adds to them. */
export interface WasmKernel<Name extends string, Attributes = unknown, Output extends TensorInfo | TensorInfo[] = TensorInfo> {
  readonly name: string;
  /** Runs each time that a backend is made, before the first call of `run`. */
  readonly setup?: (backend: BackendWasm) => void;
  /** `stock` is the package's kernel of this name on the same arguments, or with other attributes, or other inputs. */
  readonly run: (
    inputs: Inputs<Name>,
    backend: BackendWasm,
    attributes: Attributes,
    stock: (attributes?: Attributes, inputs?: Inputs<Name>) => Output,
  ) => Output;
}

/** The form in which TensorFlow.js registers it; `stock` is what was registered under its name before. */
export function kernelConfig<Name extends string, Attributes, Output extends TensorInfo | TensorInfo[]>(
  { name, setup, run }: WasmKernel<Name, Attributes, Output>,
  stock: KernelConfig | undefined,
): KernelConfig {
  const kernelFunc: KernelFunc = (given) =>
    run(given.inputs as Inputs<Name>, given.backend as BackendWasm, given.attrs as Attributes, (attributes, inputs) => {
      if (stock === undefined) throw new Error(`wasm: the package has no kernel ${name}`);
      return stock.kernelFunc({ ...given, attrs: (attributes as NamedAttrMap | undefined) ?? given.attrs, inputs: inputs ?? given.inputs }) as Output; // prettier-ignore
    });
  const setupFunc = (backend: object): void => {
    stock?.setupFunc?.(backend);
    setup?.(backend as BackendWasm);
  };
  return { kernelName: name, backendName: 'wasm', setupFunc, kernelFunc };
}
