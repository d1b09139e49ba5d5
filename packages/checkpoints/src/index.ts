export { expectArrays, readCheckpoint, writeCheckpoint, type Checkpoint, type State } from './checkpoint';
export { countNumbers } from './count-numbers';
export { CheckpointError } from './checkpoint-error';
export type { NamedArrays } from './named-arrays';
