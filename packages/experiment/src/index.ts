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
export { mediaOptions } from './features/make-media';
export { storeParts, type WantedFeatures } from './features/wanted-features';
export { experimentIdentity, methodIdentity } from './identity';
export { neededFeatures } from './inputs';
export { scheduleOf } from './learning-rate';
export { batchShapes, disposeBatch, loadBatch } from './load-batch';
export { BatchReader } from './batch-reader';
export { createTrainingStep, type TrainingStep } from './training-step';
export { checkExperiment, loadExperiment } from './load-experiment';
export { buildNetwork, type Network } from './network';
export { openOtherTest, type OtherTest } from './open-other-test';
export { openEngine, type OpenEngine } from './open-engine';
export { arraysOf, tensorsOf, writeParameters } from './parameter-files';
export { createAnsweringStep, predict, type AnsweringStep } from './predict';
export { readTestFile, withoutSeen, type TestOf } from './further-benchmarks';
export { partFile, type FurtherTest, type PartFile } from './parts';
export { describePresent, type IsHere } from './present-questions';
export { learntQuestions, readQuestions, type QuestionSplits } from './questions';
export { runFiles } from './run-files';
export { sayFeatures } from './features/say-features';
export { changedParts, refuseOtherData } from './same-data';
export { type Experiment } from './schema';
export { reportJson, reportOn, type Report, type ScoredData } from './report';
export { scoreMetrics, scoreQuestions } from './score';
