export { streamNames } from './streams';
export { contextNames } from './temporal-context';
export { JointTemporalGrounding } from './joint-temporal-grounding';
export type {
  JointTemporalGroundingConfig,
  JointTemporalGroundingInputs,
  JointlyGrounded,
  JointTemporalGroundingParameters,
} from './joint-temporal-grounding';
