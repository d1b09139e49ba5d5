export { mapsForms, TargetAwareSpatialGrounding } from './target-aware-spatial-grounding';
export type {
  GroundedSegments,
  TargetAwareSpatialGroundingConfig,
  TargetAwareSpatialGroundingInputs,
  TargetAwareSpatialGroundingParameters,
} from './target-aware-spatial-grounding';
