export { answerLoss } from './answer-loss';
export { attentionLoss, attentionLossNames, type AttentionLossName } from './attention';
export { audioMapLoss } from './audio-map-loss';
export { ContrastiveMatch } from './contrastive-match';
export type { ContrastiveMatchParameters } from './contrastive-match';
export { crossModalSynchrony } from './cross-modal-synchrony';
export { maskedMean } from './masked-mean';
export { MatchHead, previousVideo } from './match-head';
export type { MatchHeadParameters } from './match-head';
