export { clipIdentity, type Clip, type ClipOptions, clipSizes, type ClipSizes, loadClip } from './clip/clip';
export { type FrameEmbeddings, ImageTower, type ImageTowerOptions } from './clip/image-tower';
export type { PatchReadOut } from './clip/patch-output';
export { type TextEmbeddings, TextTower, type TextTowerOptions, type WordEmbedding, type WordReadOut } from './clip/text-tower';
export { AudioEncoder, audioIdentity, audioSizes } from './audio/audio-encoder';
export { type FeaturePlan, type PlannedStore, planStores } from './prepare/plan-stores';
export { type JobList, listJobs, type ListedJob, makeJob } from './prepare/job-list';
export { prepareFeatures, type PreparedFeatures, type PrepareFeaturesOptions, type PrepareProgress } from './prepare/prepare-features';
export type { FeatureFault, StageName } from './prepare/stages';
