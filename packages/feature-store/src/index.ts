export { checkStore, type StoreProblem } from './check';
export { type FeatureStore, openFeatureStore, type StorePart } from './feature-store';
export type { Expected } from './identity';
export { valuesPerRecord } from './manifest';
export type { DatasetIdentity, EncoderIdentity, FieldDescription, KeyKind, Sampling, StoreDescription } from './manifest';
export { finishedShard, type Doubt, type Fault, type Shard } from './shard';
export { StoreFolder } from './store-folder';
export { openForWriting, planShards, type ShardContent, type ShardPlan, writeShard } from './writer';
export { zerosForMissing } from './zeros-for-missing';
