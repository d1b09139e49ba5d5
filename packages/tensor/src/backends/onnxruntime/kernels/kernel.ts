import type { StepGraph, Symbolic } from '../step-graph';

/** A kernel of TensorFlow.js as operations of ONNX: inputs and attributes as TensorFlow.js names them. */
export type Kernel = (graph: StepGraph, inputs: Inputs, attributes: Attributes) => Symbolic | readonly Symbolic[];
export type Kernels = Readonly<Record<string, Kernel>>;
type Inputs = Readonly<Record<string, Symbolic>>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kernel has its own
type Attributes = Readonly<Record<string, any>>;
