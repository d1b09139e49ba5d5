export { audioFiles } from './audio/audio-encoder';
export { LogMel } from './audio/log-mel';
export { clipFiles, fetchModel, localModel } from './model/hub';
export { type FeaturePlan, planStores, soundRate } from './prepare/plan-stores';
export { datasetIdentity } from './prepare/dataset-identity';
export { type JobList, listJobs, makeJob } from './prepare/job-list';
export { prepareFeatures } from './prepare/prepare-features';
export { Seconds } from './prepare/seconds';
export { findStale } from './prepare/sources';
