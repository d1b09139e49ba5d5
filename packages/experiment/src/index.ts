export {
  dataDigests,
  datasetRoot,
  makeData,
  readWanted,
  openData,
  prepareData,
  scoringPlan,
  trainingPlan,
  type ExperimentData,
} from './data';
export { fetchModels } from './features/fetch-models';
export { describeFault, listFaults } from './features/list-faults';
export { couldAskPresent, presentVideos, writePresentVideos } from './features/present-videos';
export { featuresCommand } from './features/features-command';
export { findChangedMedia, mediaOptions } from './features/make-media';
export { storeParts, wantedFeatures, type WantedFeatures } from './features/wanted-features';
export { cellIdentity, configurationDigest, methodIdentity } from './identity';
export { scheduleOf } from './learning-rate';
export { batchShapes, disposeBatch, loadBatch, type BatchSource, type LoadedBatch } from './load-batch';
export { BatchReader } from './batch-reader';
export { createTrainingStep, type TrainingStep } from './training-step';
export { checkExperiment, loadExperiment } from './load-experiment';
export { startFrom, type StartedNetwork } from './initial-parameters';
export { buildNetwork, comparesInJointSpace, neededFeatures } from './networks';
export { openOtherTest, type OtherTest } from './open-other-test';
export { openEngine, type OpenEngine } from './open-engine';
export { arraysOf, tensorsOf, writeParameters } from './parameter-files';
export { openVideo, type AskedVideo, type OpenVideo } from './own-video/open-video';
export { ownQuestions, type OwnQuestion } from './own-video/own-questions';
export { createAnsweringStep, predict, type AnsweringStep } from './predict';
export { nameOfTest, readTestFile, testsByName, withoutSeen, type TestOf } from './further-benchmarks';
export { partFile, type FurtherTest, type PartFile } from './parts';
export { describePresent, type IsHere } from './present-questions';
export { learntQuestions, readQuestions, type QuestionSplits } from './questions';
export { runFiles } from './run-files';
export { sayFeatures } from './features/say-features';
export { changedParts, digestsOf, refuseOtherData } from './same-data';
export { configurationOf, refuseOtherConfiguration } from './same-configuration';
export { type Experiment } from './schema';
export { measureGrounding, type GroundingReport } from './grounding/measure-grounding';
export { readGrounding, type KeptGrounding } from './grounding/read-grounding';
export { reportJson, reportOn, type Report, type ScoredData } from './report';
export { createLookingStep, lookedBySlot, type LookingStep } from './grounding/looking-step';
export { blanksOf, type Blanks } from './use/blanks';
export { keptPlaces, weightsOf, withBlanks } from './use/taken-away';
export { readBest, withBestParameters } from './best-parameters';
export { videosFolderOf } from './features/videos-folder';
export { measureUse, USE_VERSION, type UseReport } from './use/measure-use';
export { scoreMetrics, scoreQuestions } from './score';
