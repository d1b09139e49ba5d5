export * as tf from './tf';
export { Random } from './random';
export { ShapeError, expectShape } from './shape';
export { namedParameters, withParameters } from './module';
export type { Module, ParameterTree } from './module';
export { Linear } from './layers/linear';
export type { LinearConfig, LinearParameters } from './layers/linear';
