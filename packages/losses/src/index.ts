export { answerLoss } from './answer-loss';
export { ContrastiveMatch } from './contrastive-match';
export type { ContrastiveMatchParameters } from './contrastive-match';
export { crossModalSynchrony } from './cross-modal-synchrony';
export { MatchHead, previousVideo } from './match-head';
export type { MatchHeadParameters } from './match-head';
