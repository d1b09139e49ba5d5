export { GraphBuilder } from './graph-builder';
export type { Attribute, ConstantValues, ElementType, Operation, ValueType } from './graph-builder';
