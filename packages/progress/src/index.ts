export { Pace, type Figures } from './pace';
export { barLine, clock, cut, progressLine } from './progress-line';
export { Rhythm } from './rhythm';
export { isLive, say, screenOf, type ProgressStream } from './screen';
export { showProgress, type Progress } from './show-progress';
export { showStages } from './show-stages';
