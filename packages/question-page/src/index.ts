export type {
  AnswerProbability,
  AttendedModality,
  Counterfactual,
  DeletionCurve,
  ExplainedRun,
  ExplainedVideo,
  Explanation,
  Look,
  MelSpectrogram,
  ModalityAttention,
  PriorAnswer,
  RegionMap,
  Segment,
  Sound,
  Truth,
  Word,
} from './explanation';
export { ICON } from './page/icon';
export { renderQuestionPage } from './page/page';
export { indexEntry, renderQuestionIndex, type IndexEntry } from './index-page/question-index';
