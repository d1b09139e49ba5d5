export { elementTypes, GraphBuilder } from './graph-builder';
export type { Attribute, ElementType, Operation } from './graph-builder';
export { describeNode, numberAttribute, numbersAttribute, OnnxGraph, type OnnxNode } from './onnx-graph';
export { readGraph } from './read-graph';
