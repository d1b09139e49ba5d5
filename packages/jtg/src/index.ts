export { streamNames } from './streams';
export type { StreamName } from './streams';
export { JointTemporalGrounding } from './joint-temporal-grounding';
export type {
  JointTemporalGroundingConfig,
  JointTemporalGroundingInputs,
  JointlyGrounded,
  JointTemporalGroundingParameters,
} from './joint-temporal-grounding';
