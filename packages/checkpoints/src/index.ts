export { expectArrays, readCheckpoint, writeCheckpoint, type Json } from './checkpoint';
export { CheckpointError } from './checkpoint-error';
export type { NamedArrays } from './named-arrays';
