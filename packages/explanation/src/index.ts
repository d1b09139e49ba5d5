export { chooseQuestions, type Choice } from './choose-questions';
export { explain } from './explain';
export { lookAt } from './look';
export { otherTargets } from './other-target';
export { priorOf } from './prior';
export { withRun, type OpenedRun } from './opened-run';
export { explainVideo } from './video/explain-video';
export { timesAt, type SegmentTimes } from './video/segment-times';
export { writePages } from './write-pages';
