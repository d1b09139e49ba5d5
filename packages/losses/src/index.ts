export { answerLoss } from './answer-loss';
export type { AnswerLossInputs } from './answer-loss';
export { ContrastiveMatch } from './contrastive-match';
export type { ContrastiveMatchInputs, ContrastiveMatchParameters } from './contrastive-match';
export { crossModalSynchrony } from './cross-modal-synchrony';
export type { CrossModalSynchrony, CrossModalSynchronyInputs } from './cross-modal-synchrony';
export { MatchHead, previousVideo } from './match-head';
export type { MatchHeadConfig, MatchHeadInputs, MatchHeadParameters } from './match-head';
