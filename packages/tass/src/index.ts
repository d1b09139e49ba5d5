export { objective } from './objective';
export type { Objective, ObjectiveWeights, TassLabels } from './objective';
export { Tass } from './tass';
export type { TassBatch, TassOptions, TassOutputs, TassParameters } from './tass';
export type { TassConfig } from './config';
