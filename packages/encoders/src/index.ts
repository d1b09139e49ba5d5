export { audioFiles } from './audio/audio-encoder';
export { clipFiles, fetchModel, localModel } from './model/hub';
export { type FeaturePlan, planStores, soundRate } from './prepare/plan-stores';
export { datasetIdentity } from './prepare/dataset-identity';
export { type JobList, listJobs, makeJob } from './prepare/job-list';
export { prepareFeatures } from './prepare/prepare-features';
export { findStale } from './prepare/sources';
