export { expectArrays, readCheckpoint, writeCheckpoint, type Checkpoint, type Json } from './checkpoint';
export { CheckpointError } from './checkpoint-error';
export type { ArrayType, NamedArray, NamedArrays } from './named-arrays';
export { readSafetensors, writeSafetensors, type Metadata, type Safetensors } from './safetensors';
