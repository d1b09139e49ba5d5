export { PredictionError, markCorrect } from './match-predictions';
export { percent, scoreByType, type Count, type Score } from './score';
export { fitPrior, type Prior, type PriorRule } from './prior';
export { mcnemar } from './mcnemar';
export { holm } from './holm';
export { scoreColumns, type ScoreColumns } from './score-columns';
export { accuracyByColumn } from './column-accuracy';
export { type MarkedRun } from './marked-run';
export { type ResampleOptions } from './video-resamples';
export { STATISTICS_VERSION, compareMethods, type Method, type MethodStatistics } from './compare-methods';
export { scoreTemplates } from './score-templates';
export { accuracyByTemplate, groupByTemplate } from './group-templates';
export { readConfidences } from './confidences';
export { confusionOf } from './confusion';
export { CALIBRATION_VERSION, calibrationOf, type CalibrationBin } from './calibration';
export { formatTable, type TableRow } from './format-table';
export { formatUse } from './format-use';
export {
  areasOf,
  byWeight,
  curveGains,
  CURVE_NAMES,
  CURVE_ORDERS,
  CURVE_PARTS,
  CURVE_SHARES,
  formatCurves,
  meanOf,
  sampledQuestions,
  type CurveOrder,
  type CurvePart,
  type CurvesOfQuestions,
} from './curves';
export { USE_NAMES, useOfRuns, type MarkedUse } from './use';
export { formatTemplates } from './format-details';
export { renderGrid, type GridRow, type TableFormat } from './grid';
export { readAnswers, readPredictions, toRecords, writePredictions, type PredictionRecord } from './predictions-file';
export { readForeignPredictions } from './foreign/foreign-predictions';
export { readAnswerOrder } from './foreign/answer-order';
export { DIGITS, type Digits } from './foreign/digits';
export { findTruth, readTruth, TruthError, truthName, type TruthFile } from './grounding/truth';
export { GroundingMeter, type Looked } from './grounding/grounding-meter';
export { massInside, relativeEntropy } from './grounding/shares';
export { spaceMeasures } from './grounding/space';
export { isOfHead, type Series } from './grounding/series';
export { groundingSummary } from './grounding/figures';
export { HEADLINES, headlines } from './grounding/headlines';
export { formatGrounding } from './grounding/format-grounding';
export { compareGrounding, type JudgedRun, type MethodJudgement } from './grounding/compare-grounding';
