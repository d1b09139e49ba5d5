export { objective } from './objective';
export type { TassLabels } from './objective';
export { Tass } from './tass';
export type { TassBatch, TassParameters } from './tass';
export type { TassConfig } from './config';
