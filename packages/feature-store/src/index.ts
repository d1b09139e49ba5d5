export { checkStore, type StoreProblem } from './check';
export { type FeatureStore, openFeatureStore, type StorePart } from './feature-store';
export type { Expected } from './identity';
export type { DatasetIdentity, EncoderIdentity, FieldDescription, KeyKind, Shard, StoreDescription } from './manifest';
export { valuesPerRecord } from './manifest';
export { StoreFolder } from './store-folder';
export { FeatureStoreWriter, type ShardPlan, writeShard } from './writer';
