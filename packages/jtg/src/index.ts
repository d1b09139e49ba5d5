export { JointTemporalGrounding } from './joint-temporal-grounding';
export type {
  JointTemporalGroundingConfig,
  JointTemporalGroundingInputs,
  JointTemporalGroundingParameters,
  JointlyGrounded,
} from './joint-temporal-grounding';
