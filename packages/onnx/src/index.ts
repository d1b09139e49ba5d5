export { elementTypes, GraphBuilder } from './graph-builder';
export type { Attribute, ElementType, Operation } from './graph-builder';
export { describeNode, numberAttribute, numbersAttribute, OnnxGraph, type OnnxNode } from './onnx-graph';
export { readGraph } from './read-graph';
export { expectCudaLibrariesLoad } from './devices/cuda-libraries';
export { chooseProvider, findProvider } from './devices/execution-providers';
export { loadKoffi, openForever, provideEnvironment } from './devices/native-library';
export { type Gpus, nvidiaGpus } from './devices/nvidia-driver';
